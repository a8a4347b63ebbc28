import { expect, it, vi } from 'vitest';
import { isLater } from './follow-log';
import { LogBuffer } from './log-buffer';

const line = (text: string) => ({ time: null, container: 'app', line: text });

it('keeps the newest lines only', () => {
  const buffer = new LogBuffer(10);
  for (let number = 0; number < 100; number++) buffer.push(line(String(number)));
  expect(buffer.shown().length).toBeLessThanOrEqual(12);
  expect(buffer.shown().at(-1)?.line).toBe('99');
});

it('while paused, what is shown stays and the rest is counted', () => {
  const buffer = new LogBuffer();
  buffer.push(line('a'));
  buffer.pause(true);
  buffer.push(line('b'));
  expect(buffer.shown()).toHaveLength(1);
  expect(buffer.unseen).toBe(1);
  buffer.pause(false);
  expect(buffer.shown()).toHaveLength(2);
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

it('orders times finer than a millisecond', () => {
  expect(isLater('2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456788Z')).toBe(true);
  expect(isLater('2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00.123Z')).toBe(false);
  expect(isLater('2026-01-01T00:00:01Z', '2026-01-01T00:00:00.9Z')).toBe(true);
});
