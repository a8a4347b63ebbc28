// The budgets of the dashboard that need a browser, against a real gateway and a cluster with 10,000 pods on fake nodes.
// Figures are printed with their conditions, and kept in results/budgets.json. Only what is no time is asserted.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { after, before, test } from 'node:test';
import { clusterOf, connect, idOf, until } from './api.mjs';
import { base, launchBrowser, PATIENCE_MS, signIn } from './browser.mjs';
import { apply, deployment, makeNamespace, openApiServer } from './cluster.mjs';
import { frames, heapOf, median, quantile, watch } from './measure.mjs';

const PODS = Number(process.env.BUDGET_PODS ?? 10_000);
const MINUTES = Number(process.env.BUDGET_MINUTES ?? 5);
const VISITS = Number(process.env.BUDGET_VISITS ?? 5);
const CROWDS = 10;
/** Of pods, each second. */
const CHANGES = 50;
const MOST_SHIFT = 0.01;
const MOST_HEAP_MB = 200;
const KB = 1_024;
const MB = KB * KB;
const CONDITIONS = [
  { said: 'loopback', network: null, slowness: 1 },
  { said: '10 Mbit/s, 40 ms, CPU slowed 4 times', network: networkOf((10 * MB) / 8), slowness: 4 },
  { said: '50 KB/s, 40 ms', network: networkOf(50 * KB), slowness: 1 },
];
/** From here on restarts that no other pod has. */
const SEEN = 98_765;

const figures = [];
let crowd;
let apiServer;
let browser;
let signedIn;
let workload;

before(async () => {
  [crowd, apiServer, browser] = await Promise.all([makeNamespace(), openApiServer(), launchBrowser()]);
  signedIn = await newReader();
});

after(async () => {
  await browser?.close();
  apiServer?.close();
  await crowd?.remove();
  const machine = `${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)} at the end`;
  const file = new URL('results/budgets.json', import.meta.url);
  await writeFile(file, JSON.stringify({ machine, pods: PODS, figures }, null, 2));
  const widths = ['what', 'value'].map((key) =>
    Math.max(...figures.map((figure) => String(figure[key]).length)),
  );
  const lines = figures.map(
    ({ what, value, conditions }) =>
      `${what.padEnd(widths[0])}  ${String(value).padStart(widths[1])}  ${conditions}`,
  );
  console.log(`\n${machine}\n${lines.join('\n')}\n`);
});

function note(what, value, conditions) {
  figures.push({ what, value, conditions });
}

test('the very first visit', firstVisits);
test('the cluster is filled', gather);
test('pages that nothing is cached of', coldVisits);
test('nothing moves while a page is drawn, nor while its rows change', shifts);
test('the list of all pods while they change', liveRows);
test('the heap of that list over time', heapOverTime);

function networkOf(bytesPerSecond) {
  return { latency: 40, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
}

async function newContext() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** A context that is signed in, which tabs of it share. */
async function newReader() {
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  await signIn(page);
  await page.close();
  return context;
}

/** As somebody has it who never was here. */
async function firstVisits() {
  const moved = [];
  for (const conditions of CONDITIONS) {
    const visits = [];
    for (let visit = 0; visit < VISITS; visit += 1) {
      const context = await newContext();
      const page = await context.newPage();
      visits.push(await visitPlace(page, '/', conditions, page.getByTestId('username')));
      await context.close();
    }
    moved.push(...tell(visits, `first visit, ${conditions.said}, median of ${VISITS}`, true));
  }
  assert.deepEqual(moved, []);
}

/** A page of somebody who is signed in, with nothing in the cache. */
async function coldVisits() {
  const moved = [];
  const context = await newReader();
  for (const [place, shown] of [
    ['/', '[data-testid=capacity] .meters'],
    ['/pods', '[data-testid=pod-row]'],
    ['/workloads', '[data-testid=workload-row]'],
  ]) {
    for (const conditions of CONDITIONS.slice(0, 2)) {
      const visits = [];
      for (let visit = 0; visit < VISITS; visit += 1) {
        const page = await context.newPage();
        visits.push(await visitPlace(page, place, conditions, page.locator(shown).first()));
        await page.close();
      }
      moved.push(...tell(visits, `${place}, nothing cached, ${conditions.said}, median of ${VISITS}`));
    }
  }
  await context.close();
  assert.deepEqual(moved, []);
}

/** Notes what visits cost; answers which of them moved too much. */
function tell(visits, said, isFirst = false) {
  const of = (name) => visits.map((visit) => visit[name]);
  note('first paint of anything', `${median(of('paint'))} ms`, said);
  note('first words on the screen', `${median(of('words'))} ms`, said);
  note('largest paint', `${median(of('largest'))} ms`, said);
  note(isFirst ? 'the sign-in can be used' : 'what it is about is there', `${median(of('usable'))} ms`, said);
  note('script blocked the page', `${median(of('blocked'))} ms`, said);
  note('read over the network', `${Math.round(median(of('bytes')) / KB)} KB`, said);
  const shift = Math.max(...of('shift'));
  note('layout shift', shift.toFixed(4), said);
  const worst = visits.find((visit) => visit.shift === shift);
  return shift < MOST_SHIFT ? [] : [`${said}: ${shift.toFixed(4)} (${worst.shifted.join('; ')})`];
}

async function visitPlace(page, place, { network, slowness }, shown) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  if (network) await cdp.send('Network.emulateNetworkConditions', { offline: false, ...network });
  if (slowness > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowness });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await watch(page);
  await page.goto(base + place, { waitUntil: 'commit' });
  await shown.waitFor();
  const usable = await page.evaluate(() => performance.now());
  await page.waitForTimeout(2_000);
  return { ...(await page.evaluate(() => window.__seen)), usable, bytes };
}

/** Pods on fake nodes. */
async function gather() {
  const begin = performance.now();
  const pod = {
    nodeSelector: { type: 'kwok' },
    tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
  };
  const each = Math.ceil(PODS / CROWDS);
  const crowds = Array.from({ length: CROWDS }, (_, number) => {
    const made = deployment(crowd.name, `crowd-${number}`, {}, { replicas: each });
    Object.assign(made.spec.template.spec, pod);
    return made;
  });
  await apply(...crowds);
  const ask = await connect();
  const query = 'query($f: PodFilter) { pods(filter: $f, first: 1) { totalCount } }';
  const filter = { namespaces: [crowd.name], phases: ['Running'] };
  await until(async () => (await ask(query, { f: filter })).pods.totalCount === each * CROWDS, 9);
  note('pods in the lists', each * CROWDS, `made in ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
  workload = idOf(await clusterOf(ask), crowd.name, 'crowd-0');
}

async function shifts() {
  const detail = `/workloads/${encodeURIComponent(workload)}`;
  const moved = [];
  const places = [
    '/',
    '/workloads',
    '/pods',
    '/objects',
    '/operations',
    '/audit',
    '/clusters',
    '/workloads/new',
    detail,
    `${detail}?tab=pods`,
    `${detail}?tab=history`,
    `${detail}?tab=yaml`,
  ];
  const stop = await apiServer.churn(crowd.name, 20);
  for (const place of places) {
    const page = await signedIn.newPage();
    await watch(page);
    await page.goto(base + place);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(5_000);
    const { shift, shifted, largest, blocked } = await page.evaluate(() => window.__seen);
    const said = `${place.replace(encodeURIComponent(workload), ':id')}, a tab that is signed in, rows change`;
    note('layout shift', shift.toFixed(4), said);
    note('largest paint', `${Math.round(largest)} ms`, said);
    note('script blocked the page', `${Math.round(blocked)} ms`, said);
    if (shift >= MOST_SHIFT) moved.push(`${place}: ${shift.toFixed(4)} (${shifted.join('; ')})`);
    await page.close();
  }
  await stop();
  assert.deepEqual(moved, []);
}

async function liveRows() {
  const page = await signedIn.newPage();
  await watch(page);
  await page.goto(`${base}/pods?ns=${crowd.name}&sort=NAME-ASC`);
  await page.getByTestId('pod-row').first().waitFor();
  await page.getByTestId('pod-total').waitFor();
  const rows = page.getByTestId('pod-row');
  const spared = await rows.evaluateAll((all) => all.slice(0, 10).map((row) => row.dataset.name));
  const stop = await apiServer.churn(crowd.name, CHANGES, new Set(spared));
  const said = `${PODS} pods, ${CHANGES} changes/s, 200 rows a window`;

  note('a change in the cluster is on the screen, p95', `${await untilShown(page, spared)} ms`, said);

  const still = await frames(page, 10_000, () => {});
  note('frame p95, nothing is touched', `${still.p95} ms`, `${said}, longest ${still.longest} ms`);
  const scrolled = await frames(page, 10_000, () => page.mouse.wheel(0, 240));
  note('frame p95, scrolling', `${scrolled.p95} ms`, `${said}, longest ${scrolled.longest} ms`);

  await page.evaluate(() => {
    window.__presses = [];
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId) window.__presses.push(duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
  });
  const presses = async (times, act) => {
    await page.evaluate(() => {
      window.__presses = [];
    });
    for (let at = 0; at < times; at += 1) {
      await act(at);
      await page.waitForTimeout(400);
    }
    const took = await page.evaluate(() => window.__presses);
    return took.length > 0 ? `${quantile(took, 0.95)} ms` : 'under 16 ms';
  };
  const search = page.getByTestId('pod-search');
  await search.click();
  note(
    'typing, a key until it is painted, p95',
    await presses(20, (at) => page.keyboard.type('crowd-1'[at % 7])),
    said,
  );
  await search.fill('');
  await page.waitForTimeout(2_000);
  const sort = page.getByRole('columnheader', { name: 'Name' });
  note('sorting, the click until it is painted, p95', await presses(10, () => sort.click()), said);
  assert.match(page.url(), /sort=NAME/, 'the list is sorted by its header');
  const sorted = [];
  for (let at = 0; at < 10; at += 1) sorted.push(await untilSorted(page, sort));
  note('sorting, the click until the rows are in order, p95', `${quantile(sorted, 0.95)} ms`, said);
  const boxes = rows.getByRole('checkbox');
  note('selecting a row, p95', await presses(10, (at) => boxes.nth(at % 10).click()), said);
  const all = page.getByRole('columnheader').getByRole('checkbox');
  note('selecting all rows of the window, p95', await presses(10, () => all.click()), said);
  await stop();
  await page.close();
}

async function heapOverTime() {
  const page = await signedIn.newPage();
  const cdp = await signedIn.newCDPSession(page);
  await page.goto(`${base}/pods?ns=${crowd.name}`);
  await page.getByTestId('pod-total').waitFor();
  const stop = await apiServer.churn(crowd.name, CHANGES);
  const said = `${PODS} pods, ${CHANGES} changes/s, 200 rows a window`;
  const heaps = [];
  for (let half = 0; half <= MINUTES * 2; half += 1) {
    if (half > 0) await page.waitForTimeout(30_000);
    heaps.push(await heapOf(cdp));
  }
  const [first] = heaps;
  const last = heaps.at(-1);
  note(
    'heap of the tab',
    `${last.heap.toFixed(1)} MB`,
    `${said}, after ${MINUTES} min, ${first.heap.toFixed(1)} at first`,
  );
  note('heap, each half minute', heaps.map(({ heap }) => heap.toFixed(0)).join(' '), `MB, ${said}`);
  note('nodes of the document', last.nodes, `${said}, ${first.nodes} at first`);
  await stop();
  await page.close();
  assert.ok(last.heap < MOST_HEAP_MB, `${last.heap} MB`);
}

/** From a write at the API server until a row of the window shows it. */
async function untilShown(page, names) {
  const took = [];
  for (let at = 0; at < 20; at += 1) {
    const name = names[at % names.length];
    const restarts = SEEN + at;
    const shown = page.waitForFunction(
      ([name, restarts]) =>
        document.querySelector(`[data-testid=pod-row][data-name="${name}"]`)?.textContent.includes(restarts),
      [name, String(restarts)],
      { polling: 'raf' },
    );
    const begin = Date.now();
    await apiServer.restarted(crowd.name, name, restarts);
    await shown;
    took.push(Date.now() - begin);
  }
  return quantile(took, 0.95);
}

/** From the click that turns the order round until the rows stand in it. */
async function untilSorted(page, header) {
  for (; !page.url().includes('sort=NAME-ASC'); await page.waitForTimeout(500)) await header.click();
  await page.locator('section[aria-busy=false]').first().waitFor();
  const before = await page.getByTestId('pod-row').first().getAttribute('data-name');
  const begin = Date.now();
  await header.click();
  await page.waitForFunction(
    (before) => document.querySelector('[data-testid=pod-row]')?.getAttribute('data-name') !== before,
    before,
    { polling: 'raf' },
  );
  return Date.now() - begin;
}
