import { expect, it } from 'vitest';
import { instantOf } from './moment';

const now = new Date(2026, 10, 30, 14, 35);
const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

it.each([
  ['today', 'begin', local(2026, 10, 30)],
  ['today', 'end', local(2026, 11, 1)],
  ['yesterday', 'end', local(2026, 10, 30)],
  ['7d', 'begin', local(2026, 10, 23)],
  ['2026-11-02', 'begin', local(2026, 10, 2)],
  ['2026-11-02', 'end', local(2026, 10, 3)],
  ['2026-11-02 09:30', 'end', local(2026, 10, 2, 9, 30)],
  ['2026-11-02T09:30', 'begin', local(2026, 10, 2, 9, 30)],
] as const)('%s %s is a moment here', (text, edge, instant) => {
  expect(instantOf(text, edge, 'local', now)).toBe(instant);
});

it.each([
  ['today', 'begin', '2026-11-30T00:00:00.000Z'],
  ['today', 'end', '2026-12-01T00:00:00.000Z'],
  ['30d', 'begin', '2026-10-31T00:00:00.000Z'],
  ['2026-11-02', 'begin', '2026-11-02T00:00:00.000Z'],
  ['2026-11-02', 'end', '2026-11-03T00:00:00.000Z'],
  ['2026-11-02 09:30', 'end', '2026-11-02T09:30:00.000Z'],
] as const)('%s %s is a moment of UTC for whoever chose it', (text, edge, instant) => {
  const late = new Date('2026-11-30T23:30:00Z');
  expect(instantOf(text, edge, 'utc', late)).toBe(instant);
});

it.each(['', 'soon', '2026', '2026-13-01', '02.11.2026', 'constructor'])('%s is none', (text) => {
  expect(instantOf(text, 'begin', 'local', now)).toBeNull();
});

it('a word means the same all day, so that a list is not read again and again', () => {
  const later = new Date(2026, 10, 30, 23, 59);
  expect(instantOf('7d', 'begin', 'local', later)).toBe(instantOf('7d', 'begin', 'local', now));
});
