// One row a pod from a log of EVENTS in STREAMS, by the rebuild that emmett has, with its projection for pages: the last
// observation of each pod in a page is written, in one statement.
import { readFileSync } from "node:fs";
import { dumbo, rawSql } from "@event-driven-io/dumbo";
import {
  getPostgreSQLEventStore,
  postgreSQLRawBatchSQLProjection,
  rebuildPostgreSQLProjections,
} from "@event-driven-io/emmett-postgresql";
import { connectionString, pod } from "./common.mjs";

const [events, streams] = [Number(process.argv[2]), Number(process.argv[3])];
const pool = dumbo({ connectionString });
await pool.execute.command(rawSql(readFileSync(new URL("pods.sql", import.meta.url), "utf8")));
const store = getPostgreSQLEventStore(connectionString);
const each = Math.max(1, Math.floor(events / streams));
// By one client: of what several wrote at once, this version's rebuild leaves out some.
for (let stream = 0; stream < streams; stream++) {
  const seen = Array.from({ length: each }, (_, turn) => ({ type: "PodObserved", data: pod(stream, turn) }));
  await store.appendToStream(`pod-${stream}`, seen);
}
// It reads no further than the oldest transaction that is open anywhere on the server.
const hidden = "SELECT EXISTS (SELECT FROM emt_messages WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) AS hidden";
while ((await pool.execute.query(rawSql(hidden))).rows[0].hidden) await new Promise((resolve) => setTimeout(resolve, 50));

const columns = "id, uid, workload, labels, phase, ready, restarts, node, containers, created_at, position";
const sets = columns.split(", ").map((column) => `${column} = excluded.${column}`);
const projection = postgreSQLRawBatchSQLProjection({
  name: "pods",
  canHandle: ["PodObserved"],
  evolve: (found) => {
    const rows = new Map();
    for (const { data, metadata } of found) {
      rows.set(metadata.streamName, {
        ...data.pod,
        id: metadata.streamName,
        uid: data.uid,
        position: String(metadata.globalPosition),
      });
    }
    const json = JSON.stringify([...rows.values()]).replaceAll("'", "''");
    return [
      rawSql(
        `INSERT INTO pods (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::pods, '${json}') ` +
          `ON CONFLICT (id) DO UPDATE SET ${sets.join(", ")}`,
      ),
    ];
  },
});
const begun = performance.now();
const consumer = rebuildPostgreSQLProjections({ connectionString, projections: [projection], pulling: { batchSize: 5000 } });
await consumer.start();
const seconds = (performance.now() - begun) / 1000;
const { rows } = await pool.execute.query(rawSql("SELECT count(*)::int AS count FROM pods"));
if (rows[0].count !== streams) throw new Error(`${rows[0].count} rows`);
console.log(JSON.stringify({ seconds }));
process.exit(0);
