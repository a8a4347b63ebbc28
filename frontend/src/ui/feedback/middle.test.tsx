// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { halves, Middle } from './middle';

it.each([
  ['checkout-7c9d8f-kx2x', 'checkout-7c9d8f', '-kx2x'],
  ['registry.example:5000/shop/opensearch:3.3.1', 'registry.example:5000/shop/opensearch', ':3.3.1'],
  ['registry.example:5000/shop/opensearch', 'registry.example:5000/shop/opens', 'earch'],
  [`web@sha256:${'ab'.repeat(32)}`, `web@sha256:${'ab'.repeat(29)}a`, 'babab'],
  ['web', 'web', ''],
])('the tag of an image and the end of a name stay: %s', (name, head, tail) => {
  expect(halves(name)).toEqual([head, tail]);
});

it('a screen reader and a copy get the whole name', () => {
  show(<Middle text="checkout-7c9d8f-kx2x" />);
  const name = screen.getByTitle('checkout-7c9d8f-kx2x');
  // Each box of text is a line of its own in the clipboard.
  expect([...name.children].map(({ textContent }) => textContent)).toEqual(['checkout-7c9d8f-kx2x']);
  getSelection()?.selectAllChildren(name);
  expect(getSelection()?.toString()).toBe('checkout-7c9d8f-kx2x');
  expect(name).toHaveAttribute('data-tail', '-kx2x');
});
