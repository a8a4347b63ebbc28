// What people come for, each job from the overview to its evidence: the clicks are counted, and the time is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusterOf, command, connect, idOf, until } from './api.mjs';
import { accessibilityFaults, base, openSignedIn } from './browser.mjs';
import { apply, deployment, kubectl, makeNamespace } from './cluster.mjs';

const MOST_CLICKS = 3;
const LAST_WORDS = 'cannot read /etc/ledger.conf';
const REASON = 'month end needs more reports';
/** No such tag is on the node, and none is pulled. */
const WRONG_IMAGE = 'docker.io/library/web:17';

let shop;
let tight;
let browser;
let page;
let faults;
let ask;
let cluster;
const table = [];

before(async () => {
  [shop, tight] = await Promise.all([makeNamespace(), makeNamespace()]);
  const { name } = shop;
  const crash = { command: ['sh', '-c', `sleep 1; echo ${LAST_WORDS}; exit 3`] };
  await apply(
    deployment(
      name,
      'checkout',
      { image: 'docker.io/library/web:1', imagePullPolicy: 'Never' },
      { replicas: 2, strategy: { type: 'Recreate' } },
    ),
    deployment(name, 'ledger', crash),
    deployment(name, 'payments', { envFrom: [{ configMapRef: { name: 'payments-settings' } }] }),
    deployment(name, 'reports', { command: ['sleep', '3600'] }),
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few-pods', namespace: tight.name },
      spec: { hard: { pods: '0' } },
    },
  );
  await kubectl('-n', name, 'rollout', 'status', 'deployment/checkout');
  await kubectl('-n', name, 'set', 'image', 'deployment/checkout', `main=${WRONG_IMAGE}`);
  ask = await connect();
  cluster = await clusterOf(ask);
  await until(() => stateOf(shop, 'reports', 'RUNNING'));
  const scale = { id: idOf(cluster, name, 'reports'), replicas: 2, reason: REASON };
  const { scaleWorkload } = await ask(command('scaleWorkload'), { input: scale });
  await until(() => isDone(scaleWorkload.operation.id));
  await ask(command('restartWorkload'), {
    input: { id: idOf(cluster, name, 'reports'), reason: 'a fresh start' },
  });
  const manifest = JSON.stringify(deployment(tight.name, 'search', { image: 'docker.io/library/web:1' }));
  const create = { cluster, manifest, reason: 'search is to be tried out' };
  await until(() => ask(command('createWorkload'), { input: create }).catch(() => null));
  // The jobs begin when it is known what is wrong.
  await until(() => stateOf(shop, 'checkout', 'UNAVAILABLE'));
  await until(() => stateOf(tight, 'search', 'UNAVAILABLE'));
  await until(() => stateOf(shop, 'ledger', 'UNAVAILABLE'));
  await until(() => stateOf(shop, 'payments', 'UNAVAILABLE'));

  ({ browser, page, faults } = await openSignedIn());
});

after(async () => {
  await browser?.close();
  await Promise.all([shop, tight].map((namespace) => namespace?.remove()));
});

// First, while the pauses between crashes are short.
test('follow the crash of one pod', (t) =>
  job(t, async ({ click, evidence }) => {
    const problem = problemOf('ledger');
    await problem.getByText('exit code 3').first().waitFor();
    await click(problem.getByTestId('next-step'));
    // Of the run that ended, whether the next one has begun or not.
    await page.getByText(LAST_WORDS).first().waitFor();
    await click(page.getByRole('tab', { name: 'Overview' }));
    const row = page.getByTestId('container-row');
    await evidence(row.getByText(/exit 3, after \d+s/));
    // It is followed: the next crash arrives by itself.
    const restarts = () => row.locator('td.number').first().textContent();
    const known = Number(await restarts());
    await until(async () => Number(await restarts()) > known);
  }));

test('find why checkout fails: its image', (t) =>
  job(t, async ({ evidence }) => {
    const problem = problemOf('checkout');
    await problem.getByText(WRONG_IMAGE).first().waitFor();
    await evidence(problem.locator('.evidence').first());
  }));

test('find why payments fails: its configuration', (t) =>
  job(t, async ({ click, evidence }) => {
    const problem = problemOf('payments');
    await problem.getByText('payments-settings').first().waitFor();
    await click(problem.getByTestId('next-step'));
    await evidence(page.locator('.cm-line').filter({ hasText: 'name: payments-settings' }));
  }));

test('find who changed checkout, and how', (t) =>
  job(t, async ({ click, evidence }) => {
    const problem = problemOf('checkout');
    // The hint beside the problem names who changed it, not the controller that counted the change.
    const hint = problem.getByTestId('just-before').filter({ hasText: 'kubectl-set' });
    await hint.locator('ins').getByText(WRONG_IMAGE, { exact: true }).waitFor();
    await click(problem.getByTestId('next-step'));
    const change = page.getByTestId('revision-entry').filter({ hasText: WRONG_IMAGE });
    await change.getByText('kubectl-set').waitFor();
    await change.getByText('containers[0].image', { exact: true }).waitFor();
    await change.locator('del').getByText('docker.io/library/web:1', { exact: true }).waitFor();
    await change.locator('ins').getByText(WRONG_IMAGE, { exact: true }).waitFor();
    await evidence(page.getByRole('listitem').filter({ has: change }).locator('time').first());
  }));

test('roll a stuck create forward', (t) =>
  job(t, async ({ click, evidence }) => {
    await click(page.getByTestId('nav-operations'));
    const create = page
      .locator('[data-testid=operation-entry][data-kind=CreateWorkload]')
      .filter({ hasText: `${tight.name}/search` });
    await create.and(page.locator('[data-state=FAILED]')).waitFor();
    await evidence(create.getByText(/Quota few-pods refused another pod/).first());

    await kubectl('-n', tight.name, 'patch', 'quota', 'few-pods', '-p', '{"spec":{"hard":{"pods":"4"}}}');
    await click(create.getByTestId('operation-retry'));
    await click(page.getByTestId('command-submit'));
    // What one asked for oneself is not held back.
    await create.and(page.locator('[data-state=SUCCEEDED]')).waitFor();
    assert.ok(await stateOf(tight, 'search', 'RUNNING'));
  }));

test("find last week's scaling and its reason", (t) =>
  job(t, async ({ click, type, evidence }) => {
    await click(page.getByTestId('nav-audit'));
    await click(page.getByTestId('audit-search'));
    await type(`since:7d verb:scale namespace:${shop.name} reports`);
    const events = page.getByTestId('audit-entry');
    const scaling = events.filter({ hasText: `${shop.name}/reports` });
    await evidence(scaling.getByText(`“${REASON}”`));
    await until(async () => (await events.count()) === 1);
    // By its reason alone, and not among what was there before.
    await page.goto(`${base}/audit?q=${encodeURIComponent(REASON)}`);
    await scaling.getByText(`“${REASON}”`).waitFor();
    await page.goto(`${base}/audit?verb=ScaleWorkload&q=reports&until=yesterday`);
    await page.getByTestId('empty').waitFor();
    assert.equal(await events.count(), 0);
  }));

test('nothing went wrong', () => {
  console.log(`\n${lines(table)}\n`);
  assert.deepEqual(faults, []);
});

/** One job, from the overview. `evidence` waits for what answers the question; what follows it is counted apart. */
async function job(t, walk) {
  const row = { job: t.name, clicks: null, seconds: null, allClicks: 0, allSeconds: null };
  let begin = performance.now();
  const seconds = () => ((performance.now() - begin) / 1_000).toFixed(1);
  await page.goto(base);
  await page.getByTestId('problem-group').first().waitFor();
  try {
    await walk({
      click: async (target) => {
        row.allClicks += 1;
        await target.click();
      },
      type: async (text) => {
        await page.keyboard.type(text);
        await page.keyboard.press('Enter');
      },
      evidence: async (target) => {
        await target.waitFor();
        Object.assign(row, { clicks: row.allClicks, seconds: seconds() });
        // Which is no part of the job.
        const at = performance.now();
        assert.deepEqual(await accessibilityFaults(page), [], `on ${page.url()}`);
        begin += performance.now() - at;
      },
    });
  } catch (cause) {
    await page.screenshot({ path: new URL(`results/job-${Date.now()}.png`, import.meta.url).pathname });
    throw cause;
  }
  row.allSeconds = seconds();
  table.push(row);
  assert.ok(row.clicks <= MOST_CLICKS, `${row.clicks} clicks to the evidence`);
}

function lines(rows) {
  const all = [
    ['job', 'clicks to the evidence', 'seconds', 'clicks in all', 'seconds'],
    ...rows.map(({ job, clicks, seconds, allClicks, allSeconds }) => [
      job,
      clicks,
      seconds,
      allClicks,
      allSeconds,
    ]),
  ];
  const widths = all[0].map((_, at) => Math.max(...all.map((row) => String(row[at]).length)));
  return all.map((row) => row.map((cell, at) => String(cell).padEnd(widths[at])).join('  ')).join('\n');
}

/** The problem of a workload, whatever it is called. */
function problemOf(name) {
  const group = page.getByTestId('problem-group');
  return group
    .filter({
      has: page.locator(
        `[data-testid=next-step][href*="${shop.name}~${name}"], .evidence[href*="${shop.name}~${name}"]`,
      ),
    })
    .first();
}

async function isDone(id) {
  const { operation } = await ask('query($id: ID!) { operation(id: $id) { state } }', { id });
  return operation?.state === 'SUCCEEDED';
}

async function stateOf({ name: namespace }, name, state) {
  const query = 'query($id: ID!) { workload(id: $id) { state } }';
  const { workload } = await ask(query, { id: idOf(cluster, namespace, name) });
  return workload?.state === state;
}
