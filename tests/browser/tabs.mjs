// Tabs of two readers on a console, and the boxes that they show.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { accessibilityFaults, goTo, openPage, PATIENCE_MS, signIn } from './browser.mjs';

/** What says that something is wrong, or what to do where there is nothing. */
const BOX = '.ant-alert, .toast-bad, [data-testid=empty]:has(a, button)';
const READERS = [
  { locale: 'en-US', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
];
const WIDTHS = [390, 1440];
/** Where pictures are wanted. */
const pictures = process.env.PICTURES;

/** The places in one tab each, and the first one in the other language and theme too. */
export async function openTabs(t, browser, { settings }, places, at = settings.BINNACLE_URL) {
  const tabs = [];
  for (const reader of READERS) {
    const context = await browser.newContext({ ...reader, viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(PATIENCE_MS);
    t.after(() => context.close());
    for (const place of reader === READERS[0] ? places : places.slice(0, 1)) {
      const { page } = await openPage(context, at);
      await goTo(page, at + place);
      if (place === places[0]) {
        await page.getByTestId('username').waitFor();
        await signIn(page, settings);
        await page.waitForURL(at + place);
      }
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
      tabs.push({ page, place, ...reader, isFirst: place === places[0] });
    }
  }
  return tabs;
}

/** The words of each box that is shown. */
export function boxes(page) {
  return page.locator(BOX).filter({ visible: true }).allInnerTexts();
}

/** One box in each tab, with these words of its reader's language. */
export async function oneBox(name, tabs, words) {
  try {
    await assertOneBox(tabs, words);
  } finally {
    await shoot(name, tabs);
  }
}

async function assertOneBox(tabs, words) {
  await Promise.all(tabs.map((tab) => untilOneBox(tab, words[tab.locale])));
  // They are of one kind: it is judged once in each theme.
  for (const { page, place } of tabs.filter(({ isFirst }) => isFirst)) {
    await page.mouse.move(0, 0);
    assert.deepEqual(await accessibilityFaults(page), [], place);
  }
}

async function untilOneBox({ page, place }, words) {
  const isIn = (text) => (word) => (typeof word === 'string' ? text.includes(word) : word.test(text));
  const isRight = (shown) => shown.length === 1 && words.every(isIn(shown[0]));
  let shown = [];
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !isRight(shown); ) {
    await page.waitForTimeout(100);
    shown = await boxes(page);
  }
  assert.ok(isRight(shown), `${place}: ${words.join(' ')} is not: ${shown.join('\n---\n')}`);
}

export async function noBox(tabs) {
  for (const { page } of tabs)
    await page.locator(BOX).filter({ visible: true }).first().waitFor({ state: 'detached' });
}

export async function shoot(name, tabs) {
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  for (const { page, place, locale, colorScheme } of tabs) {
    const of = place.split(/[?/]/)[1] || 'overview';
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const path = `${pictures}/outage-${name}-${of}-${width}-${colorScheme}-${locale}.png`;
      await page.screenshot({ path, fullPage: true });
    }
  }
}
