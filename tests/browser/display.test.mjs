// How people set their displays: twice as large, few colours, no motion.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { clusterOf, connect, idOf, until } from './api.mjs';
import { accessibilityFaults, base, openBrowser, openPage, signIn } from './browser.mjs';
import { apply, deployment, makeNamespace } from './cluster.mjs';

/** Where pictures are wanted. */
const pictures = process.env.PICTURES;
let namespace;
let detail;
before(async () => {
  if (pictures) await mkdir(pictures, { recursive: true });
  namespace = await makeNamespace();
  await apply(
    deployment(namespace.name, 'steady', { command: ['sleep', '3600'] }),
    deployment(namespace.name, 'failing', { command: ['sh', '-c', 'exit 3'] }),
  );
  const ask = await connect();
  const id = idOf(await clusterOf(ask), namespace.name, 'failing');
  const query = 'query($id: ID!) { workload(id: $id) { state } }';
  await until(async () => (await ask(query, { id })).workload?.state === 'UNAVAILABLE');
  detail = `/workloads/${encodeURIComponent(id)}`;
});
after(() => namespace?.remove());

test('at 200 % every page fits, and every dialog can be answered', async (t) => {
  // What a window of 1,280 by 800 points has left then.
  const { page, faults } = await start(t, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  const tabs = ['logs', 'events', 'yaml', 'history'].map((tab) => `${detail}?tab=${tab}`);
  const lists = ['/', '/workloads', '/pods', '/objects', '/operations', '/audit', '/clusters'];
  const forms = ['/workloads/new', '/clusters/new'];
  for (const place of [...lists, ...forms, ...tabs, detail]) {
    await show(page, place);
    const isAsWide = () => document.documentElement.scrollWidth <= innerWidth;
    assert.ok(await page.evaluate(isAsWide), `${place} is as wide as the window`);
    await picture(page, 'zoom', place);
  }
  for (const verb of ['scale', 'restart', 'stop', 'delete']) {
    await page.getByTestId(`action-${verb}`).click();
    const act = page.getByTestId('command-submit');
    await act.scrollIntoViewIfNeeded();
    const isOnTop = await act.evaluate((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    assert.ok(isOnTop, `the button of ${verb} is in view and lies under nothing`);
    await page.keyboard.press('Escape');
    await act.waitFor({ state: 'detached' });
  }
  assert.deepEqual(faults, []);
});

for (const colorScheme of ['light', 'dark']) {
  test(`in forced colours nothing is told by a colour alone: ${colorScheme}`, async (t) => {
    const { page, faults } = await start(t, { forcedColors: 'active', colorScheme });
    await show(page, '/');
    assert.deepEqual(await accessibilityFaults(page), []);
    const bar = page.getByTestId('capacity').locator('.usage-bar').first();
    const [ground, filled] = [bar, bar.locator('i').first()].map((one) =>
      one.evaluate((element) => getComputedStyle(element).backgroundColor),
    );
    assert.notEqual(await ground, await filled, 'a bar shows how full it is');
    await picture(page, `forced-${colorScheme}`, '/');

    await show(page, '/workloads');
    const [open, other] = ['workloads', 'pods'].map((name) => drawn(page.getByTestId(`nav-${name}`)));
    assert.notEqual(await open, await other, 'the page that is open is told from the others');
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => getComputedStyle(document.activeElement).outline), /solid/);
    await page.getByTestId('workload-row').first().getByRole('checkbox').check();
    await page.getByTestId('workload-selection').waitFor();
    await picture(page, `forced-${colorScheme}`, '/workloads');

    await show(page, detail);
    const tab = (name) => drawn(page.getByRole('tab', { name }).locator('xpath=..'));
    assert.notEqual(await tab('Overview'), await tab('Pods'), 'the tab that is open is told from the others');
    const [can, cannot] = ['stop', 'start'].map((verb) => drawn(page.getByTestId(`action-${verb}`)));
    assert.notEqual(await can, await cannot, 'what cannot be done is told from what can');
    const state = page.getByTestId('detail-state').getByTestId('workload-state');
    assert.notEqual(await state.evaluate((tag) => getComputedStyle(tag).borderStyle), 'none');
    assert.deepEqual(await accessibilityFaults(page), []);
    await picture(page, `forced-${colorScheme}`, detail);
    assert.deepEqual(faults, []);
  });
}

test('with reduced motion nothing moves', async (t) => {
  const { page, faults } = await start(t, { reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    const MOVING = ['transform', 'translate', 'backgroundPosition', 'left', 'width', 'height'];
    window.__moved = new Set();
    const look = () => {
      for (const { effect } of document.getAnimations()) {
        const moves = effect.getKeyframes().some((frame) => MOVING.some((name) => name in frame));
        const { duration } = effect.getComputedTiming();
        if (moves && duration > 1) window.__moved.add(`${effect.target?.className}: ${duration} ms`);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await show(page, '/workloads');
  await page.getByRole('link', { name: 'failing' }).first().click();
  await page.getByTestId('detail-state').waitFor();
  for (const [button, shown] of [
    ['action-scale', 'command-scale'],
    ['tray-open', 'tray'],
    ['find', 'find-text'],
    ['keys', 'key-sheet'],
    ['preferences', 'preferences-panel'],
  ]) {
    await page.getByTestId(button).click();
    await page.getByTestId(shown).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId(shown).waitFor({ state: 'hidden' });
  }
  assert.deepEqual(await page.evaluate(() => [...window.__moved]), []);
  assert.deepEqual(faults, []);
});

/** What one sees of an element in forced colours. */
function drawn(target) {
  return target.evaluate((element) => {
    const one = getComputedStyle(element);
    const of = ['fontWeight', 'textDecorationLine', 'outlineStyle', 'borderStyle', 'borderWidth', 'color'];
    return JSON.stringify([...of, 'backgroundColor'].map((name) => one[name]));
  });
}

async function start(t, options) {
  const { context, close } = await openBrowser(options);
  t.after(close);
  const opened = await openPage(context);
  await opened.page.goto(`${base}/sign-in`);
  await signIn(opened.page);
  return opened;
}

async function show(page, place) {
  await page.goto(base + place);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
}

async function picture(page, name, place) {
  if (!pictures) return;
  const [, list = '', tab = ''] = /^\/(\w*)(?:.*tab=(\w+))?/.exec(place) ?? [];
  const of = [list || 'overview', place.includes('~') && 'detail', tab].filter(Boolean).join('-');
  await page.screenshot({ path: `${pictures}/display-${name}-${of}.png`, fullPage: true });
}
