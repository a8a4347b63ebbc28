// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { Middle, parts } from './middle';

it.each([
  ['checkout-7c9d8f-kx2x', '', 'checkout-7c9d8f', '-kx2x'],
  ['registry.example:5000/shop/opensearch:3.3.1', 'registry.example:5000/shop/', 'opensearch', ':3.3.1'],
  ['registry.example:5000/shop/opensearch', 'registry.example:5000/shop/', 'opens', 'earch'],
  ['shop/web:1 (2)', 'shop/', 'web', ':1 (2)'],
  [`shop/web:${'ab'.repeat(20)}`, 'shop/', `web:${'ab'.repeat(20)}`, ''],
  [`shop/web:${'ab'.repeat(20)} (3)`, 'shop/', `web:${'ab'.repeat(20)}`, ' (3)'],
  [`web@sha256:${'ab'.repeat(32)}`, '', `web@sha256:${'ab'.repeat(32)}`, ''],
  [`web:1.2@sha256:${'ab'.repeat(32)}`, '', `web:1.2@sha256:${'ab'.repeat(32)}`, ''],
  ['a sentence: with many words behind it', '', 'a sentence: with many words behi', 'nd it'],
  ['web', '', 'web', ''],
])('the name, the tag or the begin of the hash of an image stay: %s', (name, ...cut) => {
  expect(parts(name)).toEqual(cut);
});

it('a screen reader and a copy get the whole name', () => {
  show(<Middle text="checkout-7c9d8f-kx2x" />);
  const name = screen.getByTitle('checkout-7c9d8f-kx2x');
  // Each box of text is a line of its own in the clipboard.
  expect([...name.children].map(({ textContent }) => textContent)).toEqual(['checkout-7c9d8f-kx2x']);
  getSelection()?.selectAllChildren(name);
  expect(getSelection()?.toString()).toBe('checkout-7c9d8f-kx2x');
  expect(name).toHaveAttribute('data-tail', '-kx2x');
  expect(name).not.toHaveAttribute('data-front');
});

it('the registry of an image is painted before its name, and copied with it', () => {
  show(<Middle text="registry.example/shop/web:1.2" />);
  const name = screen.getByTitle('registry.example/shop/web:1.2');
  expect([...name.children].map(({ textContent }) => textContent)).toEqual(['registry.example/shop/web:1.2']);
  expect(name).toHaveAttribute('data-front', 'registry.example/shop/');
  expect(name).toHaveAttribute('data-tail', ':1.2');
});
