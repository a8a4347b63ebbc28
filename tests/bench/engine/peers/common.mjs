// What the scripts in Node share: the database, and a pod as it was seen for the turn-th time (`pod` in src/rebuilding.rs).
const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
export const connectionString = `postgres://${PGUSER}:${encodeURIComponent(PGPASSWORD)}@${PGHOST}:${PGPORT}/${PGDATABASE}`;

export const pod = (stream, turn) => ({
  uid: `${String(stream).padStart(8, "0")}-0000-4000-8000-000000000000`,
  resource_version: String(turn),
  pod: {
    created_at: "2026-11-20T08:00:00Z",
    workload: `Deployment~dev~team-${stream % 50}~web-${Math.floor(stream / 10)}`,
    labels: { "app.kubernetes.io/name": `web-${Math.floor(stream / 10)}`, "pod-template-hash": "5d4f8c7b9" },
    phase: "Running",
    ready: turn % 2 === 0,
    restarts: turn,
    node: `node-${stream % 100}`,
    containers: [
      { name: "web", image: "registry.example.com/web:2.14.0", ready: turn % 2 === 0, restarts: turn, state: "running" },
    ],
  },
});
