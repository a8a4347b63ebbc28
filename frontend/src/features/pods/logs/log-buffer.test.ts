import { expect, it, vi } from 'vitest';
import { LogBuffer } from './log-buffer';
import { lineCount, matching } from './logs';

const texts = (buffer: LogBuffer) => buffer.shown().map((entry) => 'plain' in entry && entry.plain);
const line = (text: string) => ({ time: null, container: 'app', line: text, restarted: false });

it('keeps the newest lines only', () => {
  const buffer = new LogBuffer(10);
  for (let number = 0; number < 100; number++) buffer.push(line(String(number)));
  expect(buffer.shown().length).toBeLessThanOrEqual(12);
  expect(texts(buffer).at(-1)).toBe('99');
});

it('keeps the newest lines by their length too, and the last one however long it is', () => {
  const buffer = new LogBuffer(10, 100);
  buffer.push(line('first'));
  expect(buffer.isCut).toBe(false);
  for (let number = 0; number < 20; number++) buffer.push(line(`${number}`.padStart(40, '.')));
  const kept = texts(buffer).join('');
  expect(kept.length).toBeLessThanOrEqual(120);
  expect(kept).toMatch(/18\.+19$/);
  expect(buffer.isCut).toBe(true);
  buffer.push(line('x'.repeat(500)));
  expect(texts(buffer)).toEqual(['x'.repeat(500)]);
});

it('while paused, what is shown stays and the rest is counted', () => {
  const buffer = new LogBuffer();
  buffer.push(line('a'));
  buffer.pause(true);
  buffer.push(line('b'));
  buffer.mark('gap');
  expect(buffer.shown()).toHaveLength(1);
  expect(buffer.unseen).toBe(1);
  buffer.pause(false);
  expect(buffer.shown()).toHaveLength(3);
  expect(lineCount(buffer.shown())).toBe(2);
});

it('tells listeners once for many lines', () => {
  vi.useFakeTimers();
  const buffer = new LogBuffer();
  const heard = vi.fn();
  buffer.subscribe(heard);
  for (let number = 0; number < 50; number++) buffer.push(line('x'));
  vi.runAllTimers();
  expect(heard).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

it('the search sees the text and not its colours', () => {
  const buffer = new LogBuffer();
  buffer.push(line('\u001b[31mer\u001b[1mror\u001b[0m in shop'));
  buffer.push(line('loading\rerrata'));
  buffer.mark('gap');
  const found = (search: string) => matching(buffer.shown(), search).length;
  expect([found('ERROR in'), found('[31m'), found('loading'), found('errata'), found('')]).toEqual([
    1, 0, 0, 1, 3,
  ]);
});
