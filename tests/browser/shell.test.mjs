// What surrounds every page: its navigation at each width, finding by the keyboard, and what a person prefers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFaults, base, openBrowser, openPage, signIn } from './browser.mjs';
import { kubectl, makeNamespace } from './cluster.mjs';

const LISTS = ['/workloads', '/pods', '/objects', '/operations', '/audit', '/clusters'];
const PLACES = ['/', ...LISTS, '/workloads/new', '/clusters/new'];
const LEAST_TARGET = 44;

// Something to find, whatever the cluster has otherwise.
let namespace;
before(async () => {
  namespace = await makeNamespace();
  await kubectl('create', 'deployment', 'findme', '--image=busybox', '--replicas=0', '-n', namespace.name);
});
after(() => namespace.remove());

test('a phone has its navigation at the bottom, and no page is wider than itself', async (t) => {
  const { page, faults } = await start(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  for (const place of PLACES) {
    await t.test(place, async () => {
      await show(page, place);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      const bar = await page.locator('nav.rail').boundingBox();
      assert.deepEqual([bar.x, bar.width, bar.y + bar.height], [0, 390, 844]);
      for (const target of await page.locator('nav.rail a:visible, header.bar button:visible').all()) {
        const { width, height } = await target.boundingBox();
        assert.ok(
          width >= LEAST_TARGET && height >= LEAST_TARGET,
          `${await target.innerHTML()}: ${width} x ${height}`,
        );
      }
      assert.deepEqual(await accessibilityFaults(page), []);
    });
  }
  await t.test('finding and preferences fit, too', async () => {
    for (const [button, opened] of [
      ['find', 'find-text'],
      ['preferences', 'preferences-panel'],
    ]) {
      await page.getByTestId(button).click();
      await page.getByTestId(opened).waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.keyboard.press('Escape');
      await page.getByTestId(opened).waitFor({ state: 'detached' });
    }
  });
  assert.deepEqual(faults, []);
});

for (const [viewport, railWidth] of [
  [768, 56],
  [1199, 56],
  [1200, 216],
]) {
  test(`at ${viewport} px the navigation is ${railWidth} px wide, and each page is named`, async (t) => {
    const { page, faults } = await start(t, { viewport: { width: viewport, height: 800 } });
    await show(page, '/workloads');
    assert.equal((await page.locator('nav.rail').boundingBox()).width, railWidth);
    await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).click();
    await page.waitForURL(`${base}/audit`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(faults, []);
  });
}

test('an object is found, opened and found again by the keyboard alone', async (t) => {
  const { page, faults } = await start(t);
  await show(page, '/workloads');
  const row = page.getByTestId('workload-row').first();
  await row.waitFor();
  const name = await row.getAttribute('data-name');
  await find(page, name);
  const option = page.getByRole('option', { name: new RegExp(`^${name} `) }).first();
  await option.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  while ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/workloads\/.+/);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByTestId('detail-state').waitFor();

  await t.test('what can be done with it opens the dialog of its page', async () => {
    await find(page, `${name}: Delete`);
    await page.getByRole('option', { disabled: false }).first().waitFor();
    while ((await page.getByRole('option', { selected: true, disabled: false }).count()) === 0)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('command-submit').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('command-submit').waitFor({ state: 'detached' });
  });

  await t.test('it is among the recent ones, until one signs out', async () => {
    await show(page, '/');
    await find(page, '');
    const recent = page.getByRole('group', { name: 'Recent' }).getByRole('option');
    await recent.first().getByText(name).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('sign-out').click();
    await page.getByTestId('username').waitFor();
    const left = () => [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
    assert.deepEqual(await page.evaluate(left), []);
    assert.equal(new URL(page.url()).search, '', 'the place of the last person is not in the address');
  });
  assert.deepEqual(faults, []);
});

test('whoever signs out can sign in again in the same tab', async (t) => {
  const { page, faults } = await start(t);
  await page.getByTestId('sign-out').click();
  await page.getByTestId('username').waitFor();
  await signIn(page);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  assert.deepEqual(faults, []);
});

test('preferences hold at once, after a reload, and in another browser', async (t) => {
  // Wide enough for the column with the age.
  const { page, faults } = await start(t, { viewport: { width: 1920, height: 1000 } });
  await show(page, '/workloads');
  await prefer(page, ['dark', 'compact', 'as a date and time', 'UTC']);
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('Escape');
  await show(page, '/workloads');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  const row = page.getByTestId('workload-row').first();
  await row.waitFor();
  assert.ok((await row.boundingBox()).height < 32);
  assert.match(await row.locator('time').last().getAttribute('title'), /UTC$/);
  assert.deepEqual(await accessibilityFaults(page), []);

  const { page: other } = await start(t);
  await other.locator('html[data-theme=dark][data-density=compact]').waitFor();
  // The other tests are of the same person.
  await prefer(other, ['same as the system', 'normal', 'as an age', 'of this device']);
  assert.deepEqual(faults, []);
});

test('a query is saved as a view, which another browser has too, and is deleted again', async (t) => {
  const name = `only ${namespace.name}`;
  const { page, faults } = await start(t);
  await show(page, '/workloads');
  await page.getByTestId('workload-search').fill(`namespace:${namespace.name}`);
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'This query 1', selected: true }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByTestId('workload-view-save').click();
  await page.getByTestId('view-name').fill(name);
  assert.deepEqual(await accessibilityFaults(page), []);
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('SetPreference'));
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: `${name} 1`, selected: true }).waitFor();
  await kept;

  const { page: other } = await start(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await show(other, '/workloads');
  await other.getByRole('tab', { name: 'All', selected: true }).waitFor();
  await other.getByRole('tab', { name }).click();
  await other.waitForURL((url) => url.searchParams.get('ns') === namespace.name);
  await other.locator('[data-testid=workload-row][data-name=findme]').waitFor();
  assert.ok(await other.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assert.deepEqual(await accessibilityFaults(other), []);
  await other.getByTestId('workload-view-menu').click();
  await other.getByRole('menuitem', { name: 'Delete' }).click();
  await other.getByTestId('view-delete').click();
  await other.getByRole('tab', { name: 'All', selected: true }).waitFor();
  assert.equal(await other.getByRole('tab', { name }).count(), 0);
  assert.deepEqual(faults, []);
});

async function prefer(page, wanted) {
  const answers = [];
  page.on('response', (response) => {
    if (response.request().postData()?.includes('mutation SetPreference')) answers.push(response.status());
  });
  await page.getByTestId('preferences').click();
  let changed = 0;
  for (const choice of wanted) {
    const radio = page.getByRole('radio', { name: choice, exact: true });
    if (await radio.isChecked()) continue;
    await radio.check();
    changed += 1;
  }
  while (answers.length < changed) await page.waitForTimeout(50);
}

async function start(t, options) {
  const { context, close } = await openBrowser(options);
  t.after(close);
  const opened = await openPage(context);
  await opened.page.goto(`${base}/sign-in`);
  await signIn(opened.page);
  return opened;
}

async function find(page, text) {
  await page.keyboard.press('Control+k');
  await page.getByTestId('find-text').waitFor();
  await page.keyboard.type(text);
}

async function show(page, place) {
  await page.goto(base + place);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
}
