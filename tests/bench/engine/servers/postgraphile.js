// PostGraphile: queries and mutations by reflection on the tables, the subscription by its `listen` on Postgres's NOTIFY.
import { createServer } from 'node:http'
import { jsonParse } from 'postgraphile/@dataplan/json'
import { makePgService } from 'postgraphile/adaptors/pg'
import { context, lambda, listen } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { extendSchema, gql } from 'postgraphile/utils'
import { postgraphile } from 'postgraphile'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { CONNECTIONS, PORT, serve } from './shared.js'

// The one thing of Node 22 that it uses.
Promise.withResolvers ??= () => {
  const parts = {}
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
  return parts
}

const live = extendSchema(() => ({
  typeDefs: gql`
    input ChangedFilter {
      namespaces: [String!]!
    }
    type WorkloadChange {
      kind: String!
      workload: ChangedWorkload
    }
    type ChangedWorkload {
      id: ID!
      namespace: String!
      name: String!
      version: String!
      desiredReplicas: Int
    }
    extend type Subscription {
      workloadChanged(filter: ChangedFilter!): WorkloadChange
    }
  `,
  objects: {
    Subscription: {
      plans: {
        workloadChanged: {
          subscribePlan(_, { $filter }) {
            const $topic = lambda($filter, (filter) => `workload_changed:${filter.namespaces[0]}`)
            return listen(context().get('pgSubscriber'), $topic, jsonParse)
          },
          plan: ($change) => $change,
        },
      },
    },
  },
}))

serve(async () => {
  const preset = {
    extends: [PostGraphileAmberPreset],
    plugins: [live],
    disablePlugins: ['NodePlugin'],
    pgServices: [makePgService({ schemas: ['read'], poolConfig: { max: CONNECTIONS }, pubsub: true })],
    grafserv: { port: PORT, graphqlPath: '/graphql', websockets: true, graphiql: false, watch: false },
    grafast: { explain: false },
  }
  const server = createServer()
  await postgraphile(preset).createServ(grafserv).addTo(server)
  server.listen(PORT, '127.0.0.1')
})
