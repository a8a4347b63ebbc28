// graphql-yoga: its cache of parsed and validated documents is on by itself, graphql-jit by its plugin, sockets by graphql-ws.
// graphql-jit forgets the variables of a subscription, so those are executed without.
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { listen, PORT, pods, scaleWorkload, serve, typeDefs } from './shared.js'

const isSubscription = ({ document }) => document.definitions.some(({ operation }) => operation === 'subscription')
const jit = useGraphQlJit({}, { enableIf: (args) => !isSubscription(args) })

serve(async () => {
  const changes = createPubSub()
  const schema = createSchema({
    typeDefs,
    resolvers: {
      Query: { pods: (_, { first }) => pods(first) },
      Mutation: { scaleWorkload: (_, { input }) => scaleWorkload(input) },
      Subscription: {
        workloadChanged: {
          subscribe: (_, { filter }) => changes.subscribe('workloadChanged', filter.namespaces[0]),
          resolve: (change) => change,
        },
      },
    },
  })
  const yoga = createYoga({ schema, plugins: [jit], graphiql: false, landingPage: false, logging: false })
  const server = createServer(yoga)
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  useServer(
    {
      execute: (args) => args.execute(args),
      subscribe: (args) => args.subscribe(args),
      onSubscribe: async (ctx, _id, { operationName, query, variables }) => {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped(ctx)
        const document = parse(query)
        const errors = validate(schema, document)
        if (errors.length) return errors
        const contextValue = await contextFactory()
        return { schema, operationName, document, variableValues: variables, contextValue, execute, subscribe }
      },
    },
    sockets,
  )
  await listen((change) => changes.publish('workloadChanged', change.workload.namespace, change))
  server.listen(PORT, '127.0.0.1')
})
