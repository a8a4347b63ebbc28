// Objects of any kind: the way to the list of a kind, what a list can do, the page of an object, and why one waits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusterOf, connect, until } from './api.mjs';
import { accessibilityFaults, base, openSignedIn } from './browser.mjs';
import { apply, deployment, kubectl, makeNamespace } from './cluster.mjs';

const CLAIMS = 'PersistentVolumeClaim';
/** No cluster has it, so that a claim waits for ever. */
const ABSENT = 'there-is-none';
let namespace;
let cluster;
let browser;
let page;
let faults;

const config = (name, tier, greeting) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: namespace.name, labels: { tier } },
  data: { greeting },
});

before(async () => {
  namespace = await makeNamespace();
  const volumes = [{ name: 'settings', configMap: { name: 'settings-front' } }];
  const reader = deployment(namespace.name, 'reader', {}, { replicas: 0 });
  Object.assign(reader.spec.template.spec, { volumes });
  await apply(config('settings-front', 'front', 'hello'), config('settings-back', 'back', 'good day'), reader, {
    apiVersion: 'v1',
    kind: CLAIMS,
    metadata: { name: 'data', namespace: namespace.name },
    spec: {
      storageClassName: ABSENT,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const ask = await connect();
  cluster = await clusterOf(ask);
  const cause = 'query($id: ID!) { object(id: $id) { cause { message { text } } } }';
  await until(async () => (await ask(cause, { id: idOf(CLAIMS, 'data') })).object?.cause);
  const related = 'query($id: ID!) { object(id: $id) { related { totalCount } } }';
  const settings = { id: idOf('ConfigMap', 'settings-front') };
  await until(async () => (await ask(related, settings)).object?.related.totalCount);

  ({ browser, page, faults } = await openSignedIn());
});

after(async () => {
  await browser?.close();
  await namespace?.remove();
});

test('the navigation leads to the list of a kind', async () => {
  await page.getByTestId('kinds').locator('summary').getByText('Configuration', { exact: true }).click();
  const kind = page.getByTestId('kind-ConfigMap');
  await kind.click();
  await page.waitForURL((url) => url.pathname === '/objects' && url.searchParams.get('kind') === 'ConfigMap');
  await page.getByRole('heading', { level: 1, name: 'ConfigMaps' }).waitFor();
  assert.equal(await kind.getAttribute('aria-current'), 'page');
  await page.getByRole('columnheader', { name: 'Data', exact: true }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
});

test('a list is filtered by namespace, label and text, and each filter is in the address', async () => {
  await show(`/objects?kind=ConfigMap`);
  await filter(`namespace:${namespace.name}`);
  await page.waitForURL((url) => url.searchParams.get('ns') === namespace.name);
  await rows('kube-root-ca.crt', 'settings-back', 'settings-front');
  await filter('label:tier=front');
  await page.waitForURL((url) => url.searchParams.get('label') === 'tier=front');
  await rows('settings-front');
  assert.deepEqual(await accessibilityFaults(page), []);
  // At the beginning of the field it removes the last filter.
  await page.getByTestId('object-search').press('Backspace');
  await rows('kube-root-ca.crt', 'settings-back', 'settings-front');
  await filter('settings');
  await rows('settings-back', 'settings-front');
  await page.reload();
  await rows('settings-back', 'settings-front');
});

test('a list is sorted by a column, and its order survives a reload', async () => {
  await show(`/objects?kind=ConfigMap&ns=${namespace.name}&q=settings&sort=NAME-ASC`);
  await inOrder('settings-back', 'settings-front');
  await page.getByRole('columnheader', { name: 'Name', exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get('sort') === 'NAME-DESC');
  await inOrder('settings-front', 'settings-back');
  await page.reload();
  await inOrder('settings-front', 'settings-back');
});

test('what is created and deleted outside comes and goes by itself', async () => {
  await show(`/objects?kind=ConfigMap&ns=${namespace.name}&q=settings&sort=NAME-ASC`);
  await inOrder('settings-back', 'settings-front');
  // A list holds its order under the mouse.
  await page.mouse.move(0, 0);
  await kubectl('-n', namespace.name, 'create', 'configmap', 'settings-later');
  await rows('settings-back', 'settings-front', 'settings-later');
  await kubectl('-n', namespace.name, 'delete', 'configmap', 'settings-later');
  await rows('settings-back', 'settings-front');
});

test('each tab of an object opens by its address', async (t) => {
  const name = 'settings-front';
  await apply(config(name, 'front', 'good evening'));
  const tabs = {
    yaml: ['How it is set up', page.locator('.cm-line').filter({ hasText: 'greeting: good evening' })],
    events: ['Kubernetes events', page.getByTestId('empty').or(page.getByTestId('event-row')).first()],
    related: ['Related', page.getByTestId('related-MOUNTED_BY').getByRole('link', { name: 'Deployment reader' })],
    history: ['What changed', page.getByTestId('revision-entry').locator('ins').filter({ hasText: 'good evening' })],
    versions: ['Versions', page.getByTestId('line-diff').locator('ins').filter({ hasText: 'good evening' })],
  };
  for (const [tab, [title, content]] of Object.entries(tabs)) {
    await t.test(tab, async () => {
      await show(`${pathOf('ConfigMap', name)}?tab=${tab}`);
      await page.getByRole('tab', { name: title, selected: true }).waitFor();
      await content.first().waitFor();
      assert.deepEqual(await accessibilityFaults(page), []);
    });
  }
});

test('an object and the list of a kind are found by the keyboard alone', async () => {
  await show('/');
  await find('settings-front', /^settings-front /);
  await page.waitForURL(base + pathOf('ConfigMap', 'settings-front'));
  await page.getByRole('heading', { level: 1, name: 'settings-front' }).waitFor();
  await find('pvc', /^PersistentVolumeClaims/);
  await page.waitForURL((url) => url.searchParams.get('kind') === CLAIMS);
  await page.getByRole('heading', { level: 1, name: 'PersistentVolumeClaims' }).waitFor();
});

test('why a claim is pending stands in its row, and leads to the event that says so', async () => {
  await show(`/objects?kind=${CLAIMS}&ns=${namespace.name}`);
  const row = page.locator('[data-testid=object-row][data-name=data]');
  // What does not fit is left out in the middle, in an element that is not visible.
  await row.filter({ hasText: ABSENT }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await row.getByTestId('object-data').click();
  const cause = page.getByTestId('cause');
  await cause.getByText(`StorageClass ${ABSENT} does not exist`).waitFor();
  await page.getByTestId('related-missing').getByText(`StorageClass ${ABSENT}`).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await cause.locator('a.evidence').first().click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'events');
  await page.locator('[data-testid=event-row][data-reason=ProvisioningFailed] mark').waitFor();
});

for (const width of [390, 768]) {
  test(`at ${width} px the lists and the pages of objects fit`, async (t) => {
    await page.setViewportSize({ width, height: 844 });
    t.after(() => page.setViewportSize({ width: 1440, height: 900 }));
    const tabs = ['overview', 'yaml', 'related', 'history', 'versions'];
    for (const place of [
      '/objects',
      `/objects?kind=${CLAIMS}&ns=${namespace.name}`,
      pathOf(CLAIMS, 'data'),
      ...tabs.map((tab) => `${pathOf('ConfigMap', 'settings-front')}?tab=${tab}`),
    ]) {
      await show(place);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), place);
      assert.deepEqual(await accessibilityFaults(page), [], place);
    }
    // Where the navigation has no room, the kinds stand above the list.
    await show('/objects');
    await page.getByTestId('kind-fold').locator('summary').first().click();
    await page.getByTestId('kind-fold').locator('summary').getByText('Storage', { exact: true }).click();
    await page.getByTestId(`kind-${CLAIMS}`).click();
    await page.getByRole('heading', { level: 1, name: 'PersistentVolumeClaims' }).waitFor();
  });
}

test('nothing went wrong', () => assert.deepEqual(faults, []));

const idOf = (kind, name) => [kind, cluster, namespace.name, name].join('~');
const pathOf = (kind, name) => `/objects/${encodeURIComponent(idOf(kind, name))}`;

async function show(place) {
  await page.goto(base + place);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
}

async function filter(text) {
  await page.getByTestId('object-search').fill(text);
  await page.keyboard.press('Enter');
}

/** The list has these rows and no other ones, in whatever order. */
const rows = (...names) =>
  until(async () => String((await shownNames()).sort()) === String(names.toSorted()));

const inOrder = (...names) => until(async () => String(await shownNames()) === String(names));

function shownNames() {
  return page
    .getByTestId('object-row')
    .evaluateAll((shown) => shown.map((row) => row.getAttribute('data-name')));
}

/** Opens what is found under a text, as soon as it is among what is offered. */
async function find(text, option) {
  await page.keyboard.press('Control+k');
  await page.getByTestId('find-text').fill(text);
  const wanted = page.getByRole('option', { name: option }).first();
  await wanted.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  while ((await wanted.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}
