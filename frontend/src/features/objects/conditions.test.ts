import { expect, it } from 'vitest';
import { conditionsOf } from './conditions';

it('the conditions of a report are those of the log', () => {
  const conditions = [
    { type: 'Ready', status: 'False', reason: 'Issuing', message: 'waits', since: '2026-01-01T00:00:00Z' },
    { type: 'Issuing', status: 'True' },
    { type: 'Odd', status: 'Perhaps', message: { $sealed: 'x' } },
  ];
  const none = { reason: null, message: '', since: null };
  expect(conditionsOf({ report: { conditions } })).toEqual([
    {
      type: 'Ready',
      status: 'FALSE',
      reason: 'Issuing',
      message: 'waits',
      since: '2026-01-01T00:00:00Z',
    },
    { ...none, type: 'Issuing', status: 'TRUE' },
    { ...none, type: 'Odd', status: 'UNKNOWN' },
  ]);
});

it.each([[undefined], [null], [{}], [{ report: {} }], [{ report: { conditions: 'none' } }]])(
  'without conditions there are none: %j',
  (payload) => {
    expect(conditionsOf(payload)).toEqual([]);
  },
);
