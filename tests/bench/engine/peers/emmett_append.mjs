// Appends to emmett for a while: CLIENTS EVENTS STREAMS WARM-UP LENGTH, the last two in ms. Each client has streams of its own
// and expects their versions; one process, as emmett is used.
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";
import { connectionString } from "./common.mjs";

const [clients, events, streams, warmUp, length] = process.argv.slice(2).map(Number);
const pool = new pg.Pool({ connectionString, max: Math.min(Math.max(clients, 4), 64) });
const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { connectionString, pool } });
await store.schema.migrate();
const batch = Array.from({ length: events }, () => ({
  type: "PodGone",
  data: { uid: "x".repeat(256 - '{"uid":""}'.length) },
}));
const took = [];
let [isMeasured, ends] = [false, false];
const append = async (client) => {
  const mine = [];
  for (let stream = client; stream < streams; stream += clients) mine.push({ name: `pod-${stream}`, version: 0 });
  for (let turn = 0; !ends; turn++) {
    const stream = mine[turn % mine.length];
    const begun = performance.now();
    const expectedStreamVersion = stream.version === 0 ? "STREAM_DOES_NOT_EXIST" : BigInt(stream.version);
    await store.appendToStream(stream.name, batch, { expectedStreamVersion });
    stream.version += events;
    if (isMeasured) took.push(performance.now() - begun);
  }
};
const appending = Array.from({ length: clients }, (_, client) => append(client));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await Promise.race([pause(warmUp), ...appending]);
isMeasured = true;
const begun = performance.now();
await Promise.race([pause(length), ...appending]);
const [seconds, times] = [(performance.now() - begun) / 1000, took.slice().sort((a, b) => a - b)];
ends = true;
await Promise.all(appending);
const quantile = (at) => times[Math.round((times.length - 1) * at)];
const found = { events_a_second: (times.length * events) / seconds, p50: quantile(0.5), p99: quantile(0.99) };
console.log(JSON.stringify(found));
process.exit(0);
