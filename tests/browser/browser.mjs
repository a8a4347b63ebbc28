// A fresh browser on a fresh profile, and a page that remembers everything that must not happen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine needs it. */
export const PATIENCE_MS = 120_000;

export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const base = setting('BINNACLE_URL').replace(/\/$/, '');

/** One browser for people who know nothing of each other: each context has cookies of its own. */
export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

export async function openBrowser(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'binnacle-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/** A page of a console and the list of its faults: errors on the console, breaches of the policy, requests to elsewhere. */
export async function openPage(context, of = base) {
  const page = await context.newPage();
  const faults = [];
  const { origin, host } = new URL(of);
  page.on('console', (message) => {
    // The network of this machine changes with each pod that starts or ends on it, and the dashboard asks again.
    if (message.type() !== 'error' || message.text().includes('ERR_NETWORK_CHANGED')) return;
    faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) faults.push(`elsewhere: ${url}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== host) faults.push(`elsewhere: ${socket.url()}`);
  });
  await page.exposeFunction('__policyBreach', (text) => faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.__policyBreach(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return { page, faults };
}

/** Opens an address. A pod that starts changes the network of this machine, which breaks off what Chromium loads. */
export async function goTo(page, address) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await page.goto(address);
    } catch (cause) {
      if (tries === 5 || !String(cause).includes('ERR_NETWORK_CHANGED')) throw cause;
    }
  }
}

export async function signIn(page, settings = process.env) {
  await page.getByTestId('username').fill(settings.BINNACLE_TEST_USERNAME);
  await page.getByTestId('password').fill(settings.BINNACLE_TEST_PASSWORD);
  const isLogin = (response) => response.request().postData()?.includes('mutation Login') ?? false;
  // A busy machine asks for another try.
  for (let tries = 0, isIn = false; tries < 6 && !isIn; tries += 1) {
    if (tries > 0) await page.waitForTimeout(2_000);
    const answered = page.waitForResponse(isLogin);
    await page.getByTestId('sign-in').click();
    const { data } = await (await answered).json();
    isIn = data?.login.__typename === 'Session';
  }
  await page.getByTestId('connection').and(page.locator('[data-state=live]')).waitFor();
}

/** A desktop browser in which somebody has signed in, its page, and the faults of the page. */
export async function openSignedIn() {
  const browser = await openBrowser({ viewport: { width: 1440, height: 900 } });
  const { page, faults } = await openPage(browser.context);
  await page.goto(base);
  await page.getByTestId('username').waitFor();
  await signIn(page);
  return { browser, page, faults };
}

/**
 * All findings of axe on what is shown once nothing moves any more: a colour that is halfway to another one is read by
 * nobody. Its source is evaluated by the debugger, not the page.
 */
export async function accessibilityFaults(page) {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ effect }) => effect.getComputedTiming().endTime === Infinity),
  );
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    // The size of targets (WCAG 2.2, 2.5.8) is off unless it is asked for.
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      rules: { 'target-size': { enabled: true } },
    });
    return violations.map(
      ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}
