// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { Diff } from './diff';
import { changeOf } from './words';

it.each([
  ['shop/web:2.40.3', 'shop/web:2.41.0', 'shop/web:2.', '40.3', '41.0', ''],
  ['a b c', 'a c', 'a ', 'b ', '', 'c'],
  ['aa', 'aa aa', 'aa', '', ' aa', ''],
  ['', 'new', '', '', 'new', ''],
  ['内存 512', '内存 256', '内存 ', '512', '256', ''],
])('finds the words that changed: %s, %s', (before, after, start, removed, added, end) => {
  expect(changeOf(before, after)).toEqual({ start, removed, added, end });
});

it('short values stand in one line, the old one as deleted', () => {
  const { container } = show(<Diff before="512Mi" after="256Mi" />);
  expect(container).toHaveTextContent('512Mi → 256Mi');
  expect(screen.getByRole('deletion')).toHaveTextContent('512Mi');
  expect(screen.getByRole('insertion')).toHaveTextContent('256Mi');
});

it('a value that was not set is said, not left empty', () => {
  const { container } = show(<Diff before={null} after="shop" />);
  expect(container).toHaveTextContent('not set → shop');
  expect(screen.queryByRole('deletion')).toBeNull();
});

it('long values have signs, and the changed word is stronger', () => {
  const url = (port: number) => `postgres://ledger.payments.svc.cluster.local:${port}/ledger`;
  show(<Diff before={url(5432)} after={url(6432)} />);
  expect(screen.getByRole('deletion')).toHaveTextContent(`−${url(5432)}`);
  expect(screen.getByRole('insertion')).toHaveTextContent(`+${url(6432)}`);
  expect(screen.getByText('6432')).toHaveProperty('tagName', 'B');
});
