// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { type Draft, draftOf, dropDraft, keepDraft } from './drafts';

const draft = (of: string, text = 'kind: ConfigMap\n', changes: Partial<Draft> = {}): Draft => ({
  of,
  text,
  base: null,
  at: 1,
  ...changes,
});

beforeEach(() => localStorage.clear());

it('a draft is kept until it is dropped', () => {
  const base = { version: '1', text: 'a: 1\n', readAt: 1 };
  expect(keepDraft(draft('a', 'a: 2\n', { base }))).toBe(true);
  expect(draftOf('a')).toMatchObject({ text: 'a: 2\n', base });
  expect(keepDraft(draft('a', 'a: 3\n'))).toBe(true);
  expect(draftOf('a')?.text).toBe('a: 3\n');
  dropDraft('a');
  expect(draftOf('a')).toBeUndefined();
  expect(localStorage).toHaveLength(0);
});

it('nothing of a Secret is kept, and what was kept before it became one is removed', () => {
  keepDraft(draft('a'));
  expect(keepDraft(draft('a', 'kind: Secret\nstringData: {password: hunter2}\n'))).toBe(false);
  const base = { version: '1', text: 'kind: Secret\n', readAt: 1 };
  expect(keepDraft(draft('b', 'kind: Sec', { base }))).toBe(false);
  expect(JSON.stringify({ ...localStorage })).not.toContain('Sec');
});

it('the oldest give way, by number and by size', () => {
  for (let number = 0; number < 12; number++) keepDraft(draft(`n${number}`));
  expect(draftOf('n1')).toBeUndefined();
  expect(draftOf('n2')).toBeDefined();
  for (let number = 0; number < 6; number++) keepDraft(draft(`large${number}`, 'x'.repeat(400_000)));
  expect(draftOf('large0')).toBeUndefined();
  expect(draftOf('large5')).toBeDefined();
  expect(keepDraft(draft('a', 'x'.repeat(600_000)))).toBe(false);
});

it('a browser that keeps nothing, or something else, is no fault', () => {
  localStorage.setItem('binnacle.drafts', '[{"of": 1}, null, "x"]');
  expect(draftOf('a')).toBeUndefined();
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('forbidden');
  });
  expect(keepDraft(draft('a'))).toBe(false);
});
