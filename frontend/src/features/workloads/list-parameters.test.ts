import { expect, it } from 'vitest';
import { listParameters, sortOf, sorts } from './list-parameters';

function asked(search: string) {
  const query = new URLSearchParams(search);
  return listParameters({
    get: (key) => query.get(key) ?? '',
    list: (key) => query.get(key)?.split(',') ?? [],
  });
}

it('an order is asked for as the address says, and an unknown one is that of the names', () => {
  expect(sorts.map((sort) => sortOf(asked(`sort=${sort}`).orderBy))).toEqual(sorts);
  expect(sorts).toContain('CREATED_AT-DESC');
  for (const sort of ['', 'sort=NOPE-DESC', 'sort=DESC', 'sort=constructor']) {
    expect(asked(sort).orderBy, sort).toEqual({ field: 'NAME', direction: 'ASC' });
  }
});

it('of filters only what is known is asked for', () => {
  expect(asked('ns=shop&state=FAILED,NOPE&kind=Pod&q=web').filter).toEqual({
    namespaces: ['shop'],
    states: ['FAILED'],
    search: 'web',
  });
});
