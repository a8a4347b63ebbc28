// Every address the dashboard has can be typed in, in both languages and both themes, as well as reloaded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { accessibilityFaults, base, openBrowser, openPage, signIn } from './browser.mjs';

const patterns = JSON.parse(await readFile(new URL('../../frontend/routes.json', import.meta.url)));
const places = [
  '/',
  '/workloads',
  '/workloads/new',
  '/pods',
  '/objects',
  '/objects?kind=Service',
  '/edit',
  '/operations',
  '/batches',
  '/audit',
  '/clusters',
  '/clusters/new',
  ...patterns.map(example),
];

for (const [locale, colorScheme] of [
  ['en-US', 'light'],
  ['zh-CN', 'dark'],
]) {
  test(`every route loads by its address: ${locale}, ${colorScheme}`, async (t) => {
    const { context, close } = await openBrowser({ locale, colorScheme });
    t.after(close);
    const { page, faults } = await openPage(context);
    await page.goto(`${base}/sign-in`);
    await signIn(page);

    for (const place of places) {
      await t.test(place, async () => {
        const response = await page.goto(base + place);
        assert.equal(response.status(), 200);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
        assert.equal(new URL(page.url()).pathname, place.split('?')[0]);
        assert.equal(await page.locator('html').getAttribute('lang'), locale === 'zh-CN' ? 'zh-CN' : 'en');
        assert.equal(await page.locator('html').getAttribute('data-theme'), colorScheme);
        assert.deepEqual(await accessibilityFaults(page), []);
      });
    }

    await t.test('a session that is over leads to the sign-in page and back to where one was', async () => {
      await page.goto(`${base}/audit`);
      await page.getByTestId('sign-out').click();
      await page.getByTestId('username').waitFor();
      await page.goto(`${base}/workloads?state=RUNNING`);
      await page.getByTestId('username').waitFor();
      await signIn(page);
      await page.waitForURL(`${base}/workloads?state=RUNNING`);
    });

    assert.deepEqual(faults, []);
  });
}

/** An address of the pattern: an id nobody has, with letters that need encoding. */
function example({ pattern }) {
  return pattern.replace(/:[a-z]+/g, encodeURIComponent('no~such=thing'));
}
