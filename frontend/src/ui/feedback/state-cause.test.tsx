// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { sentenceParts } from './cause-parts';
import { lettersBelow, lettersBeside, StateCause } from './state-cause';

const tag = (cause: string | null) => (
  <StateCause state="Degraded" cause={cause}>
    <b data-testid="tag">Degraded</b>
  </StateCause>
);

const short = 'container app is killed for memory';
const long = `Image registry.example/shop/checkout:5.2.0 was not found. Container ${'a'.repeat(20)} waits for it`;

it('the cause stands beside the state', () => {
  show(tag(short));
  expect(screen.getByText(short)).toBeVisible();
  expect(screen.getByTestId('tag')).toHaveTextContent(/^Degraded$/);
});

it('without a cause the state stands alone', () => {
  const { container } = show(tag(null));
  expect(container).toHaveTextContent(/^Degraded$/);
  expect(container.querySelector('[tabindex]')).toBeNull();
});

it.each([
  [short, short, ''],
  ['The readiness probe fails. Container app is not ready', 'The readiness probe fails.', 'is not ready'],
  [long, 'Image registry.example/shop/ch', 'waits for it'],
  [`${'x'.repeat(60)}${'y'.repeat(60)}`, 'x'.repeat(30), 'y'.repeat(15)],
  ['内存超限'.repeat(10), `${'内存超限'.repeat(3)}内存超`, '内存超限内存超限'],
])('a cause that is too long is cut in its middle, between words if it has any: %s', (text, begin, end) => {
  const parts = sentenceParts(text, 45);
  expect([parts[0], parts[2]]).toEqual([begin, end]);
  expect(parts.join('')).toBe(text);
});

it('a wider cell shows more of a cause, and a longer state leaves less room for it', () => {
  expect(lettersBeside('Unavailable', 320)).toBeGreaterThan(lettersBeside('Unavailable', 280));
  expect(lettersBeside('Failed', 320)).toBeGreaterThan(lettersBeside('Unavailable', 320));
  expect(lettersBeside('Unavailable', 0)).toBe(34);
  expect(lettersBelow(176)).toBeGreaterThan(lettersBeside('Unavailable', 176));
});

it('a long name may go on in the next line, and is copied as it is', () => {
  const name = 'Image a/b/web:1 was not found';
  const { container } = show(tag(name));
  expect(container.querySelectorAll('wbr')).toHaveLength(2);
  expect(container.querySelector('.state-cause')?.textContent).toBe(name);
});

it('the keyboard gets at the whole cause', async () => {
  show(tag(long));
  await userEvent.tab();
  expect(await screen.findByRole('tooltip')).toHaveTextContent(long);
  expect(document.activeElement).toHaveTextContent(long);
});
