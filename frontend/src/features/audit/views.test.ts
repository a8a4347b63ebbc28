import { expect, it } from 'vitest';
import { eventTypes } from './event-types';
import { chosenView, typesOf } from './views';

const at = (search: string) => {
  const query = new URLSearchParams(search);
  return { get: (key: string) => query.get(key) ?? '' };
};

it('every type of event is in one view, besides that of all', () => {
  const inViews = (['people', 'services', 'observed'] as const).flatMap((view) => typesOf(view) ?? []);
  expect(inViews.sort()).toEqual([...eventTypes].sort());
  expect(typesOf('all')).toBeUndefined();
});

it('what the watch saw does not stand among what people did', () => {
  expect(typesOf('people')).not.toContain('PodObserved');
  expect(typesOf('observed')).toContain('WorkloadStatusObserved');
  expect(typesOf('services')).toContain('OperationStarted');
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
