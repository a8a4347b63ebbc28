import { expect, it } from 'vitest';
import { breaks, wholeNumber } from './whole-number';

const rule = { least: 0, most: 10_000 };

it('takes a whole number within the rule', () => {
  expect(['0', ' 7 ', '007', '10000'].map((text) => wholeNumber(text, rule))).toEqual([0, 7, 7, 10_000]);
});

it('makes no number of anything else', () => {
  for (const text of ['', ' ', '-1', '+1', '1.5', '2,5', '1e3', '0x10', '10001', 'many'])
    expect([text, wholeNumber(text, rule)]).toEqual([text, null]);
});

it('nothing is enough only where it is optional', () => {
  expect(breaks('', rule)).toBe(true);
  expect(breaks('', { ...rule, optional: true })).toBe(false);
  expect(breaks('-1', { ...rule, optional: true })).toBe(true);
});
