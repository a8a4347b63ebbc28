// Pictures of every page, with what goes wrong in real clusters on it, in results/pictures; and axe on each of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { clusterOf, connect, until } from './api.mjs';
import { accessibilityFaults, base, openBrowser, openPage, signIn } from './browser.mjs';
import { kubectl, makeNamespace } from './cluster.mjs';

const OBJECT = 'query($id: ID!) { object(id: $id) { id } }';
const WIDTHS = [390, 768, 1440, 2560];
const folder = new URL('results/pictures/', import.meta.url).pathname;
let namespace;
let cluster;

const container = (more) => ({ name: 'main', image: 'busybox:1', command: ['sleep', '3600'], ...more });

function workload(kind, name, of, spec = {}) {
  const labels = { app: name };
  const isJob = kind === 'CronJob';
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container(of)] } };
  if (isJob) template.spec.restartPolicy = 'Never';
  return {
    apiVersion: isJob ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: namespace.name },
    spec: isJob
      ? { schedule: '* * * * *', jobTemplate: { spec: { template } }, ...spec }
      : { selector: { matchLabels: labels }, template, ...spec },
  };
}

const of = (kind, name, more) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: namespace.name, labels: { team: 'shop' } },
  ...more,
});

const scene = () => [
  workload('Deployment', 'shop-frontend', {}, { replicas: 3 }),
  workload('Deployment', 'shop-checkout', { command: ['sh', '-c', 'echo no database; exit 3'] }, { replicas: 2 }),
  workload('Deployment', 'search-indexer', { image: 'registry.example.org/search/indexer:5.2.0' }),
  workload('Deployment', 'billing-api', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'absent', key: 'a' } } }] }),
  workload('Deployment', 'etl-worker', { resources: { requests: { cpu: '900' } } }),
  workload('StatefulSet', 'ledger-db', { resources: { requests: { cpu: '10m', memory: '16Mi' } } }, { serviceName: 'none' }),
  workload('DaemonSet', 'node-tuner', {}),
  workload('CronJob', 'nightly-report', { command: ['true'] }),
  of('ConfigMap', 'shop-settings', { data: { currency: 'EUR', 'shop.yaml': 'locale: de\nlimits:\n  basket: 50\n' } }),
  of('Service', 'shop-frontend', { spec: { selector: { app: 'shop-frontend' }, ports: [{ port: 80 }] } }),
  of('Service', 'shop-mail', { spec: { selector: { app: 'absent' }, ports: [{ port: 25 }] } }),
  of('PersistentVolumeClaim', 'ledger-data', {
    spec: { storageClassName: 'absent', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Gi' } } },
  }),
];

before(async () => {
  await mkdir(folder, { recursive: true });
  namespace = await makeNamespace();
  const ask = await connect();
  cluster = await clusterOf(ask);
  const list = { apiVersion: 'v1', kind: 'List', items: scene() };
  execFileSync(process.env.KUBECTL ?? 'kubectl', ['apply', '-f', '-'], { input: JSON.stringify(list) });
  // Two versions can be compared.
  const settings = { id: ['ConfigMap', cluster, namespace.name, 'shop-settings'].join('~') };
  await until(async () => (await ask(OBJECT, settings)).object);
  await kubectl('-n', namespace.name, 'patch', 'configmap', 'shop-settings', '-p', '{"data":{"currency":"CHF"}}');
});

after(() => namespace?.remove());

/** The pages, by the name of their pictures. A function finds the address once the scene is there. */
const pages = {
  overview: '/',
  workloads: '/workloads',
  workload: (id) => `/workloads/${id('Deployment', 'shop-checkout')}`,
  'workload-history': (id) => `/workloads/${id('Deployment', 'shop-frontend')}?tab=history`,
  pods: '/pods',
  objects: '/objects',
  services: '/objects?kind=Service',
  leases: '/objects?kind=Lease.coordination.k8s.io',
  claims: '/objects?kind=PersistentVolumeClaim',
  claim: (id) => `/objects/${id('PersistentVolumeClaim', 'ledger-data')}`,
  object: (id) => `/objects/${id('ConfigMap', 'shop-settings')}`,
  'object-manifest': (id) => `/objects/${id('ConfigMap', 'shop-settings')}?tab=yaml`,
  'object-history': (id) => `/objects/${id('ConfigMap', 'shop-settings')}?tab=history`,
  'object-versions': (id) => `/objects/${id('ConfigMap', 'shop-settings')}?tab=versions`,
  edit: (id) => `/edit?id=${id('ConfigMap', 'shop-settings')}`,
  'edit-new': '/edit',
  batches: '/batches',
  service: (id) => `/objects/${id('Service', 'shop-mail')}`,
  'object-related': (id) => `/objects/${id('ServiceAccount', 'default')}?tab=related`,
  create: '/workloads/new',
  operations: '/operations',
  audit: '/audit',
  clusters: '/clusters',
  'cluster-add': '/clusters/new',
};

for (const [locale, colorScheme] of [
  ['en-US', 'light'],
  ['en-US', 'dark'],
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
]) {
  test(`${locale}, ${colorScheme}`, async (t) => {
    const { context, close } = await openBrowser({ locale, colorScheme });
    t.after(close);
    const { page, faults } = await openPage(context);
    const shoot = (name, width) =>
      page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}-${locale}.png`, fullPage: true });
    await page.goto(`${base}/sign-in`);
    await page.getByTestId('username').waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await shoot('sign-in', width);
    }
    await signIn(page);
    await page.goto(`${base}/workloads?ns=${namespace.name}`);
    for (const name of ['shop-checkout', 'search-indexer', 'etl-worker']) await page.getByText(name).first().waitFor();
    await page.goto(`${base}/objects?kind=PersistentVolumeClaim&ns=${namespace.name}`);
    await page.getByText('ledger-data').first().waitFor();
    const id = (kind, name) => encodeURIComponent(`${kind}~${cluster}~${namespace.name}~${name}`);
    for (const [name, address] of Object.entries(pages)) {
      await t.test(name, async () => {
        await page.goto(base + (typeof address === 'function' ? address(id) : address));
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.waitForTimeout(300);
          await shoot(name, width);
        }
        assert.deepEqual(await accessibilityFaults(page), []);
      });
    }
    assert.deepEqual(faults, []);
  });
}
