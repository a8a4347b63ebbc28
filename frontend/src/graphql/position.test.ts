import { expect, it } from 'vitest';
import { isAfter, laterOf } from './position';

it('orders positions as numbers, past what a double can hold', () => {
  expect(isAfter('10', '9')).toBe(true);
  expect(isAfter('9', '10')).toBe(false);
  expect(isAfter('9007199254740993', '9007199254740992')).toBe(true);
  expect(isAfter('7', '7')).toBe(false);
  expect(laterOf('99', '100')).toBe('100');
});
