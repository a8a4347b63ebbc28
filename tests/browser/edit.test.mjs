// Editing: a ConfigMap that kubectl changes meanwhile, ten documents as one batch, and the version of before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusterOf, connect, until } from './api.mjs';
import { accessibilityFaults, base, openSignedIn } from './browser.mjs';
import { apply, kubectl, makeNamespace } from './cluster.mjs';

const NAME = 'settings';
let namespace;
let cluster;
let ask;
let browser;
let page;
let faults;

const config = (data, name = NAME) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: namespace.name },
  data,
});

before(async () => {
  namespace = await makeNamespace();
  await apply(config({ mode: 'slow', size: '1', note: 'as it was' }));
  ask = await connect();
  cluster = await clusterOf(ask);
  await recorded((data) => data.note === 'as it was');

  ({ browser, page, faults } = await openSignedIn());
});

after(async () => {
  await browser?.close();
  await namespace?.remove();
});

test('the page of an object leads to its text, by the keyboard as well', async () => {
  await show(`/objects/${encodeURIComponent(idOf(NAME))}`);
  await page.getByTestId('action-edit').waitFor();
  await page.keyboard.press('e');
  await page.waitForURL((url) => url.pathname === '/edit' && url.searchParams.get('id') === idOf(NAME));
  await line('mode: slow').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
});

test('a field is described, completed and checked as the cluster publishes it', async () => {
  await line('kind: ConfigMap').click();
  await page.getByTestId('field-docs').getByText('kind', { exact: true }).waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('imm');
  await page.keyboard.press('Control+Space');
  await page.locator('.cm-tooltip-autocomplete').getByText('immutable').first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('perhaps');
  await page.locator('.cm-lint-marker-error').first().waitFor();
  await discard();
});

test('what was not applied survives a reload', async () => {
  await replace('as it was', 'as it will be');
  await page.locator('[data-testid=draft-kept][data-kept=kept]').waitFor();
  await page.reload();
  await page.getByTestId('draft-restored').waitFor();
  await line('note: as it will be').waitFor();
  await discard();
  await line('note: as it was').waitFor();
});

test('a conflict with kubectl is settled field by field, and what only kubectl changed stays', async () => {
  await replace('slow', 'mine');
  await kubectl('-n', namespace.name, 'patch', 'configmap', NAME, '-p', '{"data":{"mode":"theirs","size":"2"}}');
  await recorded((data) => data.mode === 'theirs');
  await page.getByTestId('edit-changed').waitFor();
  await page.getByTestId('edit-to-review').click();
  const overlap = page.locator('[data-testid=edit-overlap][data-path="/data/mode"]');
  await overlap.waitFor();
  for (const value of ['slow', 'theirs', 'mine']) await overlap.getByText(value, { exact: true }).waitFor();
  assert.equal(await page.getByTestId('edit-overlap').count(), 1);
  assert.ok(await page.getByTestId('edit-apply').isDisabled());
  assert.deepEqual(await accessibilityFaults(page), []);
  await overlap.getByText('Keep yours').click();
  await page.getByTestId('edit-settle').click();
  await page.getByTestId('preview').getByText('data.mode').first().waitFor();
  await applyNow('mine counts');
  await page.locator('[data-testid=operation-detail][data-state=SUCCEEDED]').waitFor();
  const data = await dataOf(NAME);
  assert.deepEqual([data.mode, data.size, data.note], ['mine', '2', 'as it was']);
});

test('ten documents are applied as one batch, whose page follows them', async () => {
  const documents = Array.from({ length: 10 }, (_, number) =>
    JSON.stringify(config({ number: String(number) }, `many-${number}`)),
  );
  await show(`/edit?cluster=${cluster}&ns=${namespace.name}`);
  await page.getByTestId('edit-files').setInputFiles({
    name: 'many.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(documents.join('\n---\n')),
  });
  await line('many-0').first().waitFor();
  await page.getByTestId('edit-to-review').click();
  await until(async () => (await page.getByTestId('preview').count()) === 10);
  assert.equal(await page.locator('[data-testid=preview][data-change=CREATE]').count(), 10);
  assert.deepEqual(await accessibilityFaults(page), []);
  await applyNow('ten at once');
  await page.waitForURL((url) => url.pathname.startsWith('/batches/'));
  await page.locator('[data-testid=batch][data-state=SUCCEEDED]').waitFor();
  await page.getByTestId('batch-progress').getByText('10 of 10 done').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  for (let number = 0; number < 10; number += 1)
    assert.equal((await dataOf(`many-${number}`)).number, String(number));
  await show('/batches');
  await page.getByTestId('batch-open').first().waitFor();
});

test('a document that is refused is named at its line, and nothing is applied', async () => {
  await show(`/edit?cluster=${cluster}&ns=${namespace.name}`);
  await editor().focus();
  await page.keyboard.insertText('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Not_A_Name\n');
  await page.getByTestId('edit-to-review').click();
  await page.locator('[data-testid=preview][data-change=REFUSED]').waitFor();
  assert.ok(await page.getByTestId('edit-apply').isDisabled());
  await page.getByTestId('edit-back').click();
  await discard();
});

test('an object goes back to what it was, after the change was shown', async () => {
  await show(`/objects/${encodeURIComponent(idOf(NAME))}?tab=versions`);
  const options = page.getByLabel('Older version');
  await options.click();
  // The one before the last is chosen. The oldest one is below it.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('mode: slow').waitFor();
  await page.getByTestId('restore').click();
  const dialog = page.getByTestId('command-restore');
  await dialog.getByTestId('preview').getByText('data.mode').first().waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByTestId('command-reason').fill('as before');
  await page.getByTestId('command-submit').click();
  await dialog.waitFor({ state: 'detached' });
  await until(async () => (await dataOf(NAME)).mode === 'slow');
  const data = await dataOf(NAME);
  assert.deepEqual([data.size, data.note], ['1', 'as it was']);
});

test('an object is deleted once its place and effect were confirmed', async () => {
  await show(`/objects/${encodeURIComponent(idOf('many-9'))}`);
  await page.getByTestId('action-delete').click();
  await page.getByTestId('command-typed-name').fill('many-9');
  await page.getByTestId('command-submit').click();
  await page.getByTestId('object-gone').waitFor();
  const left = await kubectl('-n', namespace.name, 'get', 'configmap', '-o', 'name');
  assert.ok(!left.includes('many-9'));
});

for (const width of [390, 768]) {
  test(`at ${width} px the text, its review and a batch fit`, async (t) => {
    await page.setViewportSize({ width, height: 844 });
    t.after(() => page.setViewportSize({ width: 1440, height: 900 }));
    await show(`/edit?id=${encodeURIComponent(idOf(NAME))}`);
    await fits('text');
    await replace('as it was', `at ${width}`);
    await page.getByTestId('edit-to-review').click();
    await page.getByTestId('preview').first().waitFor();
    await fits('review');
    await page.getByTestId('edit-back').click();
    await discard();
    await show('/batches');
    await fits('batches');
    await page.getByTestId('batch-open').first().click();
    await page.getByTestId('batch-progress').waitFor();
    await fits('batch');
  });
}

test('nothing went wrong', () => assert.deepEqual(faults, []));

const idOf = (name) => ['ConfigMap', cluster, namespace.name, name].join('~');
const editor = () => page.locator('.cm-content');
const line = (text) => page.locator('.cm-line').filter({ hasText: text });

async function show(place) {
  await page.goto(base + place);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
}

async function fits(what) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), what);
  assert.deepEqual(await accessibilityFaults(page), [], what);
}

/** Writes one word in the place of another, and changes nothing else. */
async function replace(old, now) {
  await line(old).waitFor();
  const written = await line(old).textContent();
  await line(old).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText(written.trimStart().replace(old, now));
  await line(now).waitFor();
}

async function discard() {
  await page.getByTestId('draft-discard').click();
  await page.getByTestId('draft-discard-act').click();
  await page.getByTestId('draft-discard').waitFor({ state: 'detached' });
}

async function applyNow(reason) {
  await page.getByTestId('edit-reason').fill(reason);
  await page.getByTestId('edit-apply').click();
}

async function dataOf(name) {
  return JSON.parse(await kubectl('-n', namespace.name, 'get', 'configmap', name, '-o', 'json')).data;
}

/** Binnacle has seen it so. */
function recorded(holds) {
  const query = 'query($id: ID!) { object(id: $id) { manifest(format: JSON) } }';
  return until(async () => {
    const { object } = await ask(query, { id: idOf(NAME) });
    return object && holds(JSON.parse(object.manifest).data ?? {});
  });
}
