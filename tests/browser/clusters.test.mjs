// The clusters themselves: a second one is added by the form after its check, its objects are seen, and it is removed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { connect, until } from './api.mjs';
import { accessibilityFaults, base, openSignedIn } from './browser.mjs';
import { kubectl } from './cluster.mjs';

const run = promisify(execFile);
const script = new URL('../cluster/empty.sh', import.meta.url).pathname;
const NAME = 'second-1';
/** Of no cluster of this machine. */
const CLOSED = 'https://127.0.0.1:9';

const skip = !process.env.BINNACLE_CLUSTER_DIR && 'there is no local cluster';

describe('clusters', { skip }, () => {
  let folder;
  let kubeconfig;
  let second;
  let browser;
  let page;
  let faults;
  let ask;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'binnacle-second-'));
    const { stdout } = await run(script, ['up', folder]);
    const admin = stdout.trim();
    second = (...args) => kubectl('--kubeconfig', admin, ...args);
    kubeconfig = await second('config', 'view', '--raw', '--minify', '--flatten');
    await second('create', 'configmap', 'only-there', '--from-literal=greeting=hello');
    ask = await connect();
    ({ browser, page, faults } = await openSignedIn());
  });

  after(async () => {
    await browser?.close();
    await run(script, ['down', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  test('the list says of the first cluster how it is, which version it has and how much is in it', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(`${base}/clusters`);
    const card = page.getByTestId('cluster-card');
    await card.and(page.locator('[data-state=READY]')).waitFor();
    const { clusters } = await ask('{ clusters { nodes { name version } } }');
    const [{ name, version }] = clusters.nodes;
    await card.getByRole('heading', { name }).waitFor();
    await card.getByText(version, { exact: true }).waitFor();
    await card.getByRole('link', { name: /^[\d,]+ pods?$/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
  });

  test('a check that fails names the step and what to do, and nothing can be added', async () => {
    await page.getByTestId('cluster-add').click();
    await page.getByTestId('field-name').fill(NAME);
    await page.getByTestId('environment-STAGING').click();
    await page.getByTestId('field-kubeconfig').fill(kubeconfig.replace(/server: .*/, `server: ${CLOSED}`));
    await page.getByTestId('cluster-check').click();
    const failed = page.locator('[data-testid=check-CONNECT][data-state=FAILED]');
    await failed.getByText('accepts no connection').waitFor();
    await failed.getByText('kubectl get --raw /readyz').waitFor();
    assert.equal(await page.getByTestId('cluster-submit').count(), 0);
    assert.deepEqual(await accessibilityFaults(page), []);
  });

  test('a cluster is added by the form, after the check of what was given', async () => {
    const file = join(folder, 'pasted.yaml');
    await writeFile(file, kubeconfig, { mode: 0o600 });
    await page.getByTestId('kubeconfig-file').setInputFiles(file);
    await page.getByTestId('check-stale').waitFor();
    const sent = [];
    page.on('request', (request) => sent.push([request.method(), request.url()]));
    await page.getByTestId('cluster-check').click();
    for (const step of ['CREDENTIALS', 'ADDRESS', 'CONNECT', 'TLS', 'AUTHENTICATION', 'VERSION', 'CLOCK'])
      await page.locator(`[data-testid=check-${step}][data-state=PASSED]`).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Add to staging' }).click();
    await page.waitForURL(`${base}/clusters`);
    const secret = /(?:client-key-data|token): (\S+)/.exec(kubeconfig)[1];
    assert.deepEqual(sent.filter(([, url]) => url.includes(secret) || url.includes('kubeconfig')), []);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(!kept.includes(secret), 'the credentials are kept in the browser');
    const card = page.locator(`[data-testid=cluster-card][data-name=${NAME}]`);
    await card.and(page.locator('[data-state=READY], [data-state=DEGRADED]')).waitFor();
    assert.equal(await card.getAttribute('data-environment'), 'STAGING');
  });

  test('its objects are seen, with its environment above them', async () => {
    await page.goto(`${base}/objects?kind=ConfigMap&q=only-there`);
    const row = page.locator('[data-testid=object-row][data-name=only-there]');
    await row.waitFor();
    await page.getByRole('combobox', { name: 'Cluster' }).fill('SECOND');
    await page.getByTitle(`${NAME} · Staging`).click();
    await page.waitForURL((url) => url.searchParams.has('cluster'));
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'only-there' }).waitFor();
    await page.locator('.environment-stripe[data-environment=STAGING]').waitFor();
    assert.equal(await page.getByTestId('cluster').innerText().then((text) => text.includes(NAME)), true);
    await second('create', 'configmap', 'later-there');
    await page.goto(`${base}/objects?kind=ConfigMap&q=later-there`);
    await page.locator('[data-testid=object-row][data-name=later-there]').waitFor();
  });

  for (const width of [390, 768]) {
    test(`at ${width} px both pages fit`, async (t) => {
      await page.setViewportSize({ width, height: 844 });
      t.after(() => page.setViewportSize({ width: 1440, height: 900 }));
      for (const place of ['/clusters', '/clusters/new']) {
        await page.goto(base + place);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), place);
        assert.deepEqual(await accessibilityFaults(page), [], place);
      }
    });
  }

  test('it is removed by its name, and its objects are gone', async () => {
    await page.goto(`${base}/clusters`);
    await page.getByRole('button', { name: `Remove ${NAME}` }).click();
    const act = page.getByTestId('command-submit');
    assert.ok(await act.isDisabled());
    await page.getByTestId('command-reason').fill('the trial is over');
    await page.getByTestId('command-typed-name').fill(NAME);
    assert.deepEqual(await accessibilityFaults(page), []);
    await act.click();
    await page.locator(`[data-testid=cluster-card][data-name=${NAME}]`).waitFor({ state: 'detached' });
    const of = 'query($f: ObjectFilter) { objects(filter: $f) { totalCount } }';
    const filter = { kinds: ['ConfigMap'], search: 'only-there' };
    await until(async () => (await ask(of, { f: filter })).objects.totalCount === 0);
    await page.reload();
    await page.getByTestId('cluster-card').waitFor();
    assert.equal(await page.getByTestId('cluster-card').count(), 1);
  });

  test('nothing went wrong', () => assert.deepEqual(faults, []));
});
