import i18next from 'i18next';
import { expect, it } from 'vitest';
import en from '@/language/en.json';
import { columnsFor, widthOf } from '@/resource/resource-table';
import { container } from '@/test/samples';
import { allColumns } from './all';
import { columns, readyContainers } from './columns';
import { podWord, reasonOf, toneOf } from './state';

const cause = { message: { text: 'OOMKilled' }, since: null };

it.each([
  ['Running', true, null, 'good'],
  ['Running', false, null, 'busy'],
  ['Running', false, cause, 'warn'],
  ['Running', true, cause, 'warn'],
  ['Pending', false, null, 'busy'],
  ['Pending', false, cause, 'warn'],
  ['Failed', false, cause, 'bad'],
  ['Terminating', true, null, 'busy'],
  ['Terminating', true, cause, 'warn'],
  ['Succeeded', false, null, 'done'],
  ['Evicted', false, null, 'unknown'],
])('a pod that is %s, ready %s', (phase, ready, cause, tone) => {
  expect(toneOf({ phase, ready, cause })).toBe(tone);
});

it('a running pod that is not ready is not called running', () => {
  const i18n = i18next.createInstance();
  void i18n.init({ resources: { en: { translation: en } }, lng: 'en' });
  expect(podWord(i18n.t, { phase: 'Running', ready: false })).toBe('Not ready');
  expect(podWord(i18n.t, { phase: 'Running', ready: true })).toBe('Running');
  expect(podWord(i18n.t, { phase: 'Pending', ready: false })).toBe('Pending');
});

it.each([
  ['Pending', 'ContainerCreating', null, 'ContainerCreating'],
  ['Running', 'CrashLoopBackOff', cause, 'OOMKilled'],
  ['Succeeded', 'Completed', null, null],
  ['Pending', 'Completed', null, null],
])('why a pod is %s, for the reason %s, is said once', (phase, reason, cause, said) => {
  expect(reasonOf({ phase, reason, cause })).toBe(said);
});

it('ready containers are counted without those that end before or only debug', () => {
  const of = (role: string, ready: boolean) => container({ name: role, role, ready });
  const containers = [of('init', false), of('main', true), of('sidecar', false), of('ephemeral', false)];
  expect(readyContainers({ containers })).toEqual({ ready: 1, all: 2 });
});

it.each([
  ['of a workload', columns],
  ['of all', allColumns],
] as const)('the columns %s fit beside the rail and into a phone', (_, columns) => {
  // Beside the buttons that unfold a row and, if there is room, the boxes that select it.
  const [wide, narrow] = [991 - 80, 390 - 40];
  const fitting = columnsFor(columns, false, wide);
  expect(widthOf(fitting)).toBeLessThanOrEqual(wide);
  expect(fitting.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['usage.cpu', 'usage.memory', 'workloads.age']),
  );
  expect(widthOf(columnsFor(columns, true, narrow))).toBeLessThanOrEqual(narrow);
});
