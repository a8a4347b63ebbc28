// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { FieldChanges } from './field-changes';

it('shows the important fields, and folds and counts the others', () => {
  const image = { path: '/image', before: 'web:1', after: 'web:2', important: true };
  const label = { path: '/labels/team', before: null, after: 'a', important: false };
  show(<FieldChanges changes={[label, image]} />);
  expect(screen.getByText('image')).toBeVisible();
  expect(screen.getByText('image')).toHaveAttribute('title', '/image');
  expect(screen.getByText('1 more field')).toBeVisible();
  expect(screen.getByText('labels.team')).not.toBeVisible();
});

it('counts all that it folds, beyond a limit too', () => {
  const field = (number: number, important: boolean) => ({
    path: `/spec/${important ? 'main' : 'other'}${number}`,
    before: null,
    after: number,
    important,
  });
  const many = [1, 2, 3, 4, 5];
  const changes = [...many.map((one) => field(one, false)), ...many.map((one) => field(one, true))];
  const { unmount } = show(<FieldChanges changes={changes} limit={3} />);
  expect(screen.getByText('7 more fields')).toBeVisible();
  expect(screen.getByText('main3')).toBeVisible();
  expect(screen.getByText('main4')).not.toBeVisible();
  unmount();
  show(<FieldChanges changes={changes.slice(0, 5)} limit={3} />);
  expect(screen.getByText('5 fields')).toBeVisible();
});
