// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { UnknownFilter } from './unknown-filter';

const allowed = { state: ['RUNNING', 'FAILED'], kind: ['JOB'] };

function open(search: string) {
  const query = new URLSearchParams(search);
  const list = (key: string) => query.get(key)?.split(',') ?? [];
  const set = vi.fn();
  show(<UnknownFilter address={{ list, set }} allowed={allowed} />);
  return set;
}

it('names the unknown values of the address and removes only those', async () => {
  const set = open('state=RUNNING,BROKEN&kind=Pod&q=web');
  expect(screen.getByTestId('unknown-filter')).toHaveTextContent('state=BROKEN, kind=Pod');
  await userEvent.click(screen.getByTestId('unknown-filter-clear'));
  expect(set).toHaveBeenCalledWith({ state: ['RUNNING'], kind: [] });
});

it('says nothing about known values', () => {
  open('state=RUNNING,FAILED&kind=JOB');
  expect(screen.queryByTestId('unknown-filter')).toBeNull();
});
