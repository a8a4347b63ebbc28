// From the sign-in to the end of a workload by the keyboard alone, where each stop of the way can be seen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, openBrowser, openPage, setting } from './browser.mjs';
import { kubectl, makeNamespace } from './cluster.mjs';

const NAME = 'by-keyboard';
const MOST_STOPS = 120;
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

test('a workload is created, scaled and deleted without a mouse', async () => {
  const step = async (name, walk) => {
    try {
      await walk();
    } catch (cause) {
      await page.screenshot({
        path: new URL(`results/keyboard-${Date.now()}.png`, import.meta.url).pathname,
      });
      throw new Error(`${name}: ${cause.message}`, { cause });
    }
  };

  await step('sign in', async () => {
    await page.goto(`${base}/sign-in`);
    await focused(page.getByTestId('username'));
    await write(setting('BINNACLE_TEST_USERNAME'));
    await tabTo(page.getByTestId('password'));
    await write(setting('BINNACLE_TEST_PASSWORD'));
    await press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });

  await step('the first stop leads past the navigation', async () => {
    await press('Tab');
    await press('Enter');
    await focused(page.locator('main#content'));
  });

  await step('create', async () => {
    await press('g', 'w');
    await page.waitForURL(`${base}/workloads`);
    await tabTo(page.getByTestId('create'));
    await press('Enter');
    await page.waitForURL(`${base}/workloads/new`);
    await page.getByTestId('field-name').waitFor();
    await tabTo(page.getByTestId('field-name'));
    await write(NAME);
    await tabTo(page.getByRole('combobox', { name: 'Namespace' }));
    await write(namespace.name);
    await page.getByTitle(namespace.name, { exact: true }).waitFor();
    await press('Enter');
    await tabTo(page.getByTestId('field-image'));
    await write('docker.io/library/web:1');
    await tabTo(page.getByTestId('create-submit'));
    await press('Enter');
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await state('RUNNING');
  });

  await step('scale', async () => {
    await tabTo(page.getByTestId('action-scale'));
    await press('Enter');
    await focused(page.getByTestId('command-replicas'));
    await press('Control+a');
    await write('2');
    await tabTo(page.getByTestId('command-reason'));
    await write('two are better');
    await press('Enter');
    await focused(page.getByTestId('action-scale'));
    await page.getByTestId('detail-ready').getByText('2 of 2 ready', { exact: true }).waitFor();
  });

  await step('the arrow keys go from tab to tab', async () => {
    await tabTo(page.getByRole('tab', { name: 'Overview' }));
    await press('ArrowRight', 'Enter');
    await page.waitForURL((url) => url.searchParams.get('tab') === 'pods');
    await page.getByTestId('pod-row').first().waitFor();
    await press('j');
    await seen();
    await press('Enter');
    await page.getByTestId('container-row').first().waitFor();
    await page.goBack();
    await page.getByTestId('pod-row').first().waitFor();
  });

  await step('find it, and delete it', async () => {
    await press('Control+k');
    await page.getByTestId('find-text').waitFor();
    await write(`${NAME}:`);
    const option = page.getByRole('option', { name: /Delete/ });
    await option.waitFor();
    for (let stops = 0; (await option.getAttribute('aria-selected')) !== 'true'; stops += 1) {
      assert.ok(stops < MOST_STOPS);
      await press('ArrowDown');
    }
    await press('Enter');
    await page.getByTestId('command-delete').waitFor();
    await tabTo(page.getByTestId('command-typed-name'));
    await write(NAME);
    await press('Enter');
    await page.getByTestId('workload-gone').waitFor();
    assert.equal(await kubectl('-n', namespace.name, 'get', 'deployments', '-o', 'name'), '');
  });

  await step('it is in the log', async () => {
    await press('g', 'a');
    await page.getByTestId('audit-events').waitFor();
    await press('/');
    await focused(page.getByTestId('audit-search'));
    await write(`namespace:${namespace.name}`);
    await press('Enter');
    // Until its answer is here, the entries of all namespaces are shown.
    const entry = page
      .locator('[data-testid=audit-entry][data-verb=ScaleWorkload]')
      .filter({ hasText: namespace.name });
    await tabTo(entry.getByTestId('audit-more'));
    await press('Enter');
    await tabTo(entry.getByTestId('audit-payload').locator('summary'));
    await press('Enter');
    await entry.getByText('"ScaleWorkload"').waitFor();
  });

  assert.deepEqual(faults, []);
});

async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

const write = (text) => page.keyboard.type(text);

/** Goes on by Tab until an element has the focus. Each stop on the way has to be seen. */
async function tabTo(target) {
  await target.waitFor();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await hasFocus(target)) return;
    await press('Tab');
    await seen();
  }
  throw new Error(`no way by Tab to ${target}`);
}

async function focused(target) {
  await target.waitFor();
  for (const end = Date.now() + 30_000; Date.now() < end; await page.waitForTimeout(50))
    if (await hasFocus(target)) return;
  const now = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`${target} has not the focus, but ${now}`);
}

function hasFocus(target) {
  return target.evaluate(
    (element) => element === document.activeElement || element.contains(document.activeElement),
  );
}

function state(wanted) {
  return page.getByTestId('detail-state').locator(`[data-state=${wanted}]`).waitFor();
}

/** What has the focus is on the screen, lies under nothing else, and is marked. */
async function seen() {
  // The page may still scroll to it.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const fault = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const said = `${element.tagName} ${element.getAttribute('data-testid') ?? ''} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60)}"`;
    const marked = (one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    const around = [element, element.parentElement, element.parentElement?.parentElement].filter(Boolean);
    if (!around.some(marked)) return `not marked: ${said}`;
    // A box that is drawn by others stands within what is drawn.
    const shown = element.closest('label, .ant-select, .ant-input-affix-wrapper') ?? element;
    const { left, right, top, bottom } = shown.getBoundingClientRect();
    const [x, y] = [
      (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
      (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
    ];
    const above = document.elementFromPoint(x, y);
    if (!above) return `out of view: ${said}`;
    return shown.contains(above) || above.contains(shown)
      ? null
      : `under ${above.outerHTML.slice(0, 80)}: ${said}`;
  });
  assert.equal(fault, null);
}
