// Jobs that do nothing, added one call each by some clients while a worker performs them: JOBS CLIENTS any-order|in-order.
// In any order the worker fetches and completes in batches; its batches do not keep the order of a queue, so that in order it
// does neither.
import { Logger, makeWorkerUtils, run } from "graphile-worker";

const [jobs, clients, order] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const targets = 1000;
const connectionString = "postgres:///"; // the rest is in the environment
const worker = { connectionString, concurrentJobs: clients, maxPoolSize: 20, pollInterval: 100 };
if (order === "any-order") {
  Object.assign(worker, { localQueue: { size: 500 }, completeJobBatchDelay: 0 });
}
const preset = { worker: { ...worker, logger: new Logger(() => () => {}) } };
const utils = await makeWorkerUtils({ preset });
await utils.migrate();
const performed = new Int32Array(jobs);
const runner = await run({ preset, noHandleSignals: true, taskList: { noop: ({ nth }) => void performed[nth]++ } });

const begun = performance.now();
const add = async (client) => {
  for (let nth = client; nth < jobs; nth += clients) {
    await utils.addJob("noop", { nth }, order === "in-order" ? { queueName: `target-${nth % targets}` } : {});
  }
};
await Promise.all(Array.from({ length: clients }, (_, client) => add(client)));
const adding = (performance.now() - begun) / 1000;
const left = async () =>
  (await utils.withPgClient((db) => db.query("SELECT EXISTS (SELECT FROM graphile_worker.jobs) AS left"))).rows[0].left;
while (await left()) await new Promise((resolve) => setTimeout(resolve, 10));
const seconds = (performance.now() - begun) / 1000;
const lost = performed.filter((n) => n === 0).length;
const doubled = performed.filter((n) => n > 1).length;
console.log(JSON.stringify({ seconds, adding, lost, doubled }));
await runner.stop();
await utils.release();
process.exit(0);
