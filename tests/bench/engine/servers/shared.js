// What the servers have in common: queries to Postgres, its notifications, one process for each processor. The environment names
// the database and the port (PG*, PORT).
import cluster from 'node:cluster'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import pg from 'pg'

export const PORT = Number(process.env.PORT)
/** Connections of a process. */
export const CONNECTIONS = 6
export const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')

// As text, without the detour of a date: the sessions are in UTC.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.replace(' ', 'T')}:00`)

/** Runs `start` in as many processes as there are processors. They end with the first one. */
export function serve(start) {
  if (cluster.isPrimary) {
    for (let nth = 0; nth < availableParallelism(); nth++) cluster.fork()
  } else {
    start()
  }
}

let pool
/** Prepared once for each connection. */
async function ask(name, text, values) {
  pool ??= new pg.Pool({ max: CONNECTIONS })
  return (await pool.query({ name, text, values })).rows
}

const PAGE = `SELECT id, namespace, name, phase, ready, restarts, reason, node, created_at AS "createdAt", containers
  FROM read.pods ORDER BY name, id LIMIT $1`

export async function pods(first) {
  const nodes = await ask('page', PAGE, [first + 1])
  const hasNextPage = nodes.length > first
  return { nodes: hasNextPage ? nodes.slice(0, first) : nodes, pageInfo: { hasNextPage } }
}

const SCALE = `UPDATE read.workloads SET desired_replicas = $2 WHERE id = $1
  RETURNING id, namespace, name, version, desired_replicas AS "desiredReplicas"`

export async function scaleWorkload({ id, replicas }) {
  return (await ask('scale', SCALE, [id, replicas]))[0]
}

/** Calls `heard` with each change of which the trigger on the table notifies. */
export async function listen(heard) {
  const client = new pg.Client()
  await client.connect()
  client.on('notification', ({ payload }) => heard(JSON.parse(payload)))
  await client.query('LISTEN workload_changed')
}
