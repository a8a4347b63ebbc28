import { expect, it } from 'vitest';
import { chosenView, filterOf, views } from './views';

const at = (search: string) => {
  const query = new URLSearchParams(search);
  return { get: (key: string) => query.get(key) ?? '' };
};

it('each view but that of all asks the server for one cause', () => {
  expect(views.map(filterOf)).toEqual([{ by: 'PEOPLE' }, { by: 'SERVICES' }, { by: 'OBSERVED' }, undefined]);
});

it.each([
  ['', 'people'],
  ['by=observed', 'observed'],
  ['by=nobody', 'people'],
  ['operation=o', 'all'],
  ['target=t&by=people', 'people'],
  ['type=PodGone&by=people', 'all'],
])('the address %s shows %s', (search, view) => {
  expect(chosenView(at(search))).toBe(view);
});
