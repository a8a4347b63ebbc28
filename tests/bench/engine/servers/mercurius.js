// mercurius: graphql-jit compiles documents the second time they come, as its documentation advises. Changes go by its own emitter.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { listen, PORT, pods, scaleWorkload, serve, typeDefs } from './shared.js'

const topic = (namespace) => `workloadChanged:${namespace}`

serve(async () => {
  const app = Fastify()
  app.register(mercurius, {
    schema: typeDefs,
    jit: 1,
    subscription: true,
    resolvers: {
      Query: { pods: (_, { first }) => pods(first) },
      Mutation: { scaleWorkload: (_, { input }) => scaleWorkload(input) },
      Subscription: {
        workloadChanged: {
          subscribe: (_, { filter }, { pubsub }) => pubsub.subscribe(topic(filter.namespaces[0])),
        },
      },
    },
  })
  await app.ready()
  await listen((change) =>
    app.graphql.pubsub.publish({ topic: topic(change.workload.namespace), payload: { workloadChanged: change } }),
  )
  await app.listen({ port: PORT, host: '127.0.0.1' })
})
