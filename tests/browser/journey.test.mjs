// From nothing to a running workload and back, in a browser, on a real cluster, without one reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFaults, base, openBrowser, openPage, signIn } from './browser.mjs';
import { kubectl, makeNamespace } from './cluster.mjs';

const NAME = 'journey';
let browser;
let namespace;
let page;
let faults;

before(async () => {
  namespace = await makeNamespace();
  browser = await openBrowser();
  ({ page, faults } = await openPage(browser.context));
});

after(async () => {
  await browser?.close();
  await namespace?.remove();
});

test('a workload is created, scaled, stopped, started and deleted, each state arriving by itself', async (t) => {
  // Each step builds on the one before: the first that fails ends the journey, with a picture of where.
  const step = async (name, walk) => {
    const begin = performance.now();
    try {
      await walk();
      t.diagnostic(`${((performance.now() - begin) / 1_000).toFixed(1)} s  ${name}`);
    } catch (cause) {
      await page.screenshot({ path: new URL(`results/${Date.now()}.png`, import.meta.url).pathname });
      throw new Error(`${name}: ${cause.message}`, { cause });
    }
  };

  await step('sign in', async () => {
    await page.goto(base);
    await page.getByTestId('username').waitFor();
    await accessible();
    await signIn(page);
    await page.evaluate(() => {
      window.__marker = 'the same document';
    });
    await page.getByTestId('problems').or(page.getByTestId('empty').first()).first().waitFor();
    await accessible();
  });

  await step('create, carrying the form over into YAML', async () => {
    await page.getByTestId('nav-workloads').click();
    await page.getByTestId('create').click();
    await page.getByTestId('field-name').fill(NAME);
    await page.getByRole('combobox', { name: 'Namespace' }).fill(namespace.name);
    await page.getByTitle(namespace.name, { exact: true }).click();
    await page.getByTestId('field-image').fill('busybox:1');
    await page.getByTestId('field-command').fill('sleep 3600');
    await accessible();
    await page.getByTestId('face-yaml').click();
    await page.locator('.cm-content').getByText('image: busybox:1').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('imagePullPolicy: IfNotPresent');
    // What sleeps does not hear that it should end: without this, each pod would take half a minute to go.
    await page.locator('.cm-line').filter({ hasText: 'containers:' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.type('terminationGracePeriodSeconds: 1');
    await page.keyboard.press('Enter');
    await accessible();
    await page.getByTestId('create-submit').click();
    await page.waitForURL((url) => url.pathname !== '/workloads/new');
  });

  await step('it becomes running in the list', async () => {
    await page.getByTestId('nav-workloads').click();
    await page.getByTestId('workload-search').fill(NAME);
    const row = page
      .locator(`[data-testid=workload-row][data-name=${NAME}]`)
      .filter({ hasText: namespace.name });
    await row.and(page.locator('[data-state=RUNNING]')).waitFor();
    await accessible();
    await row.getByTestId(`workload-${NAME}`).click();
    await ready('1 of 1 ready');
    await page.getByTestId('container-row').first().waitFor();
    const manifest = JSON.parse(await kubectl('-n', namespace.name, 'get', 'deployment', NAME, '-o', 'json'));
    assert.equal(manifest.spec.template.spec.containers[0].imagePullPolicy, 'IfNotPresent');
    await accessible();
  });

  await step('scale to three', async () => {
    await page.getByTestId('action-scale').click();
    await page.getByTestId('command-replicas').fill('3');
    await page.getByTestId('command-reason').fill('more of it');
    await accessible();
    await submit();
    await state('RUNNING');
    await ready('3 of 3 ready');
    await page.getByRole('tab', { name: 'Pods' }).click();
    await page.locator('[data-testid=pod-row][data-ready=true]').nth(2).waitFor();
    await accessible();
  });

  await step('a pod has a page of its own, ] leads to the next one, and Back to the pods', async () => {
    await page.getByTestId('pod-row').first().getByRole('link').click();
    await page.getByTestId('container-row').first().waitFor();
    await accessible();
    const first = new URL(page.url()).pathname;
    await page.keyboard.press(']');
    await page.waitForURL((url) => url.pathname !== first);
    await page.getByTestId('neighbours').getByText('2 of 3').waitFor();
    await page.goBack();
    await page.locator('[data-testid=pod-row][data-ready=true]').nth(2).waitFor();
  });

  await step('stop', async () => {
    await command('stop');
    await state('STOPPED');
    await page.getByTestId('pod-row').first().waitFor({ state: 'detached' });
    await ready('No pods');
  });

  await step('start brings back what there was', async () => {
    await command('start');
    await state('RUNNING');
    await ready('3 of 3 ready');
  });

  for (const [name, shown] of [
    ['Logs', '[data-testid=log-count]'],
    ['Metrics', '[data-testid^=metrics]'],
    ['Kubernetes events', '[data-testid=event-row]'],
    ['How it is set up', '.cm-content'],
    ['What changed', '[data-testid=operation-entry][data-kind=StartWorkload][data-state=SUCCEEDED]'],
  ]) {
    await step(`${name} can be looked at`, async () => {
      await page.getByRole('tab', { name }).click();
      await page.locator(shown).first().waitFor();
      await accessible();
    });
  }

  await step('an operation opens beside the page, and the way back is one key', async () => {
    await page.getByTestId('operation-open').first().click();
    await page.getByTestId('operation-bar').first().waitFor();
    await accessible();
    await page.keyboard.press('Escape');
    await page.getByTestId('operation-bar').first().waitFor({ state: 'hidden' });
    await page.waitForURL((url) => !url.searchParams.has('op'));
  });

  await step('delete', async () => {
    await command('delete');
    await page.getByTestId('workload-gone').waitFor();
    await page.getByTestId('tray-open').click();
    await entry('DeleteWorkload').waitFor();
    await accessible();
    // The drawer of the operation is closed, and may still be in the document.
    await page.getByRole('dialog', { name: 'Operations' }).locator('.ant-drawer-close').click();
    assert.equal(await kubectl('-n', namespace.name, 'get', 'deployments', '-o', 'name'), '');
  });

  await step('the audit page tells each step', async () => {
    await page.getByTestId('nav-audit').click();
    await page.getByTestId('audit-events').waitFor();
    await page.getByTestId('audit-search').fill(`namespace:${namespace.name}`);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('ns') === namespace.name);
    const events = page.getByTestId('audit-entry');
    await page.getByTestId('audit-views').getByText('Observed').click();
    await events.filter({ hasText: 'is gone' }).first().waitFor();
    await page.getByTestId('audit-views').getByText('People').click();
    await page.getByTestId('audit-search').fill('requested to');
    for (const verb of ['Create', 'Scale', 'Stop', 'Start', 'Delete'])
      await page.locator(`[data-testid=audit-entry][data-verb=${verb}Workload]`).waitFor();
    await events.first().getByTestId('audit-more').click();
    await events.first().getByTestId('audit-payload').locator('summary').click();
    await events.first().locator('pre').waitFor();
    await events.first().getByTestId('audit-proof').locator('summary').click();
    await events.first().getByTestId('event-proof').locator('.offline-command').waitFor();
    await accessible();
  });

  await step('the operations page has them all', async () => {
    await page.getByTestId('nav-operations').click();
    for (const kind of ['Create', 'Scale', 'Stop', 'Start', 'Delete'])
      await entry(`${kind}Workload`).first().waitFor();
    await accessible();
  });

  await step('nothing was loaded anew, and nothing went wrong', async () => {
    assert.equal(await page.evaluate(() => window.__marker), 'the same document');
    assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation').length), 1);
    assert.deepEqual(faults, []);
  });
});

async function command(verb) {
  // What was asked before is done, and with it the version on the screen is the last one.
  await page.getByTestId('tray-open').and(page.locator('[data-active="0"]')).waitFor();
  await page.getByTestId(`action-${verb}`).click();
  await page.getByTestId(`command-${verb}`).waitFor();
  if (verb === 'delete') await page.getByTestId('command-typed-name').fill(NAME);
  await submit();
}

async function submit() {
  await page.getByTestId('command-submit').click();
  const refusal = page.getByTestId('command-refusal');
  const closed = page.getByTestId('command-submit').waitFor({ state: 'detached' });
  await Promise.race([closed, refusal.waitFor()]);
  if (await refusal.isVisible()) assert.fail(`refused: ${await refusal.textContent()}`);
  await closed;
}

function state(wanted) {
  return page.getByTestId('detail-state').locator(`[data-state=${wanted}]`).waitFor();
}

function ready(text) {
  return page.getByTestId('detail-ready').getByText(text, { exact: true }).waitFor();
}

function entry(kind) {
  const done = page.locator(`[data-testid=operation-entry][data-kind=${kind}][data-state=SUCCEEDED]`);
  return done.filter({ hasText: namespace.name });
}

async function accessible() {
  assert.deepEqual(await accessibilityFaults(page), [], `on ${page.url()}`);
}
