// A namespace of the test's own in the cluster that KUBECONFIG points to.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function kubectl(...args) {
  const { stdout } = await run(process.env.KUBECTL ?? 'kubectl', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Applies objects, as JSON. */
export async function apply(...items) {
  const applied = run(process.env.KUBECTL ?? 'kubectl', ['apply', '-f', '-']);
  applied.child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await applied;
}

/** A Deployment of one container. */
export function deployment(namespace, name, container, spec = {}) {
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'docker.io/library/busybox:1', ...container }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } },
      ...spec,
    },
  };
}

export async function makeNamespace() {
  const name = `browser-test-${randomBytes(4).toString('hex')}`;
  await kubectl('create', 'namespace', name);
  return { name, remove: () => kubectl('delete', 'namespace', name, '--wait=false') };
}

/** The API server without the start of a program for each write. */
export async function openApiServer() {
  const proxy = spawn(process.env.KUBECTL ?? 'kubectl', ['proxy', '--port=0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(proxy.stdout, 'data');
  const base = `http://${/127\.0\.0\.1:\d+/.exec(String(said))[0]}`;

  /** A pod of one container has restarted so often. */
  const restarted = async (namespace, name, restartCount) => {
    const running = { startedAt: new Date().toISOString() };
    const of = { name: 'main', image: 'web:1', imageID: 'web:1', ready: true, started: true };
    const response = await fetch(`${base}/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ status: { containerStatuses: [{ ...of, restartCount, state: { running } }] } }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
  };

  /** Restarts pods other than those that are spared, so many each second, until it is stopped. */
  const churn = async (namespace, perSecond, spared = new Set()) => {
    const found = await kubectl('-n', namespace, 'get', 'pods', '-o', 'name');
    const names = found
      .trim()
      .split('\n')
      .map((name) => name.replace('pod/', ''));
    const failures = [];
    const writes = new Set();
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      const name = names[(count * 7_919) % names.length];
      if (spared.has(name)) return;
      const write = restarted(namespace, name, count)
        .catch((failure) => failures.push(failure))
        .finally(() => writes.delete(write));
      writes.add(write);
    }, 1_000 / perSecond);
    return async () => {
      clearInterval(timer);
      await Promise.all(writes);
      if (failures.length > 0) throw failures[0];
    };
  };
  return { restarted, churn, close: () => proxy.kill() };
}

async function clusterConfig() {
  return JSON.parse(await kubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'));
}

export async function apiServerPort() {
  const { clusters } = await clusterConfig();
  return Number(new URL(clusters[0].cluster.server).port);
}

/** The kubeconfig of the same cluster through another port, or as somebody else. */
export async function kubeconfigFor(file, { port, token }) {
  const config = await clusterConfig();
  if (port) config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  if (token) config.users[0].user = { token };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
