// What a page costs, measured in the browser.

const MB = 1_024 * 1_024;

/** Paints, layout shifts and blocking scripts of a page, from its beginning. */
export async function watch(page) {
  await page.addInitScript(() => {
    const seen = { paint: 0, largest: 0, shift: 0, blocked: 0, shifted: [], words: 0 };
    window.__seen = seen;
    const look = () => {
      if (document.body?.innerText.trim()) seen.words = performance.now();
      else requestAnimationFrame(look);
    };
    look();
    const observe = (type, take) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    observe('paint', ({ name, startTime }) => {
      if (name === 'first-contentful-paint' || !seen.paint) seen.paint = startTime;
    });
    observe('largest-contentful-paint', ({ startTime }) => {
      seen.largest = startTime;
    });
    observe('longtask', ({ duration }) => {
      seen.blocked += Math.max(0, duration - 50);
    });
    // As it is defined: the worst burst of shifts, of five seconds and pauses under one second.
    let burst = { sum: 0, begin: 0, last: 0 };
    observe('layout-shift', ({ value, hadRecentInput, startTime, sources }) => {
      if (hadRecentInput) return;
      if (startTime - burst.last > 1_000 || startTime - burst.begin > 5_000)
        burst = { sum: 0, begin: startTime, last: startTime };
      burst.sum += value;
      burst.last = startTime;
      seen.shift = Math.max(seen.shift, burst.sum);
      seen.shifted.push(
        `${value.toFixed(4)} ${sources.map(({ node }) => node?.className || node?.nodeName).join(', ')}`,
      );
    });
  });
}

/** How long frames take while something is done again and again, in milliseconds. */
export async function frames(page, duration, act) {
  const counted = page.evaluate(
    (duration) =>
      new Promise((done) => {
        const took = [];
        const begin = performance.now();
        let last = begin;
        const next = (now) => {
          took.push(now - last);
          last = now;
          if (now - begin < duration) requestAnimationFrame(next);
          else done(took);
        };
        requestAnimationFrame(next);
      }),
    duration,
  );
  for (const end = Date.now() + duration; Date.now() < end; await page.waitForTimeout(50)) await act();
  const took = await counted;
  return { p95: quantile(took, 0.95), longest: Math.round(Math.max(...took)) };
}

/** What is in use after a collection. */
export async function heapOf(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return { heap: of('JSHeapUsedSize') / MB, nodes: of('Nodes') };
}

export function quantile(numbers, part) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] * 10) / 10;
}

export function median(numbers) {
  return Math.round(quantile(numbers, 0.5));
}
