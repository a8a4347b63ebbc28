// Jobs that do nothing, added one call each by some clients while a worker performs them in batches: JOBS CLIENTS.
import { PgBoss } from "pg-boss";

const [jobs, clients] = [Number(process.argv[2]), Number(process.argv[3])];
const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
const boss = new PgBoss({
  host: PGHOST,
  port: Number(PGPORT),
  user: PGUSER,
  password: PGPASSWORD,
  database: PGDATABASE,
  max: 20,
  useListenNotify: true,
});
boss.on("error", console.error);
await boss.start();
await boss.createQueue("noop", { notify: true });
const performed = new Int32Array(jobs);
const options = { batchSize: 500, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
await boss.work("noop", options, async (found) => {
  for (const { data } of found) performed[data.nth]++;
});

const begun = performance.now();
const add = async (client) => {
  for (let nth = client; nth < jobs; nth += clients) await boss.send("noop", { nth });
};
await Promise.all(Array.from({ length: clients }, (_, client) => add(client)));
const adding = (performance.now() - begun) / 1000;
const left = async () => {
  const sql = "SELECT EXISTS (SELECT FROM pgboss.job WHERE name = 'noop' AND state < 'completed') AS left";
  return (await boss.getDb().executeSql(sql)).rows[0].left;
};
while (await left()) await new Promise((resolve) => setTimeout(resolve, 10));
const seconds = (performance.now() - begun) / 1000;
const lost = performed.filter((n) => n === 0).length;
const doubled = performed.filter((n) => n > 1).length;
console.log(JSON.stringify({ seconds, adding, lost, doubled }));
process.exit(0);
