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
