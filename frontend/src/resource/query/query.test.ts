import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import { changesFor, chipsOf, chipWords, readQuery, type Spec } from './query';
import { suggestionsFor } from './suggestions';

const t = ((key: string) =>
  ({ 'workloadState.ROLLOUT_STUCK': 'Rollout stuck', 'workloadState.FAILED': 'Failed' })[key] ??
  key) as unknown as TFunction;

const specs = [
  { key: 'q', field: 'search', control: 'search', label: 'workloads.search' },
  {
    key: 'ns',
    field: 'namespaces',
    control: 'suggestion',
    token: 'namespace',
    label: 'workloads.namespace',
    useSuggestions: () => ({}),
  },
  {
    key: 'state',
    field: 'states',
    control: 'choice',
    token: 'state',
    label: 'workloads.state',
    values: ['FAILED', 'ROLLOUT_STUCK'],
    words: 'workloadState',
  },
  { key: 'label', field: 'labelSelector', control: 'selector', token: 'label', label: 'workloads.label' },
] as unknown as Spec[];

const ofAudit = [
  ...specs,
  { key: 'since', field: 'since', control: 'time', edge: 'begin', token: 'since', label: 'workloads.since' },
  {
    key: 'by',
    field: 'by',
    control: 'named',
    token: 'by',
    label: 'workloads.since',
    known: () =>
      new Map([
        ['u', 'Ada Lovelace'],
        ['v', 'sam.o'],
      ]),
  },
] as unknown as Spec[];

function read(text: string, of = specs) {
  const { chips, words, faults, odd } = readQuery(t, text, of, ['image']);
  return {
    chips: chips.map(({ spec, value }) => `${spec.key}=${value}`),
    words,
    faults: faults.map(({ kind, token, value }) => `${kind} ${token} ${value}`),
    odd,
  };
}

const address = (search: string) => {
  const query = new URLSearchParams(search);
  return { get: (key: string) => query.get(key) ?? '' };
};

it('tokens and plain words are told apart', () => {
  expect(read('web namespace:shop,data STATE:failed  api')).toEqual({
    chips: ['ns=shop', 'ns=data', 'state=FAILED'],
    words: 'web api',
    faults: [],
    odd: [],
  });
});

it('one that is known by a name is found and suggested by it', () => {
  expect(read('by:"ada lovelace"', ofAudit).chips).toEqual(['by=u']);
  expect(read('by:sam.o by:u', ofAudit).chips).toEqual(['by=v', 'by=u']);
  expect(read('by:nobody', ofAudit)).toMatchObject({ chips: [], faults: ['named by nobody'] });
  expect(suggestionsFor(t, 'by:a', ofAudit, [], []).map(({ text }) => text)).toEqual([
    'by:"Ada Lovelace"',
    'by:sam.o',
  ]);
});

it.each(['state:rollout_stuck', 'state:"Rollout stuck"', 'state:RolloutStuck'])(
  '%s names a value of the server',
  (text) => expect(read(text).chips).toEqual(['state=ROLLOUT_STUCK']),
);

it('a token that the server cannot answer is no plain word', () => {
  expect(read('web image:nginx')).toMatchObject({ words: 'web', faults: ['unanswered image nginx'] });
  expect(read('state:broken,failed')).toMatchObject({
    words: '',
    chips: ['state=FAILED'],
    faults: ['value state broken'],
  });
});

it('an unknown token is searched as text, as the tag of an image is', () => {
  expect(read('nginx:1.27')).toMatchObject({ words: 'nginx:1.27', odd: ['nginx:1.27'], faults: [] });
});

it.each(['app=web', 'app.kubernetes.io/part-of!=shop', '!old', 'canary', 'app=', '"stage in (test, live)"'])(
  'label:%s is a label selector',
  (text) => expect(read(`label:${text}`)).toMatchObject({ chips: [`label=${text.replaceAll('"', '')}`] }),
);

it.each(['=web', 'a=b=c', 'x>1', "'", '"a within (b)"', '"a b"'])('label:%s is none', (text) => {
  expect(read(`label:${text}`)).toMatchObject({ chips: [], faults: [expect.stringContaining('selector')] });
});

it('an address of before is read as chips, and chips are written as that address', () => {
  const chips = chipsOf(address('q=web&ns=shop,data&state=FAILED,NOPE&label=app=web,stage in (a,b)'), specs);
  expect(chips.map(({ spec, value }) => `${spec.key} ${value}`)).toEqual([
    'ns shop',
    'ns data',
    'state FAILED',
    'label app=web',
    'label stage in (a,b)',
  ]);
  expect(changesFor(specs, chips)).toEqual({
    ns: 'shop,data',
    state: 'FAILED',
    label: 'app=web,stage in (a,b)',
  });
  expect(changesFor(specs, chips.slice(1, 2))).toEqual({ ns: 'data', state: null, label: null });
});

it('tokens are suggested first, then the values of one that are not in force yet', () => {
  const suggest = (text: string) =>
    suggestionsFor(t, text, specs, chipsOf(address('state=FAILED'), specs), ['shop', 'search', 'data']).map(
      ({ text }) => text,
    );
  expect(suggest('')).toEqual(['namespace:', 'state:', 'label:']);
  expect(suggest('web na')).toEqual(['namespace:']);
  expect(suggest('namespace:s')).toEqual(['namespace:shop', 'namespace:search']);
  expect(suggest('namespace:shop,da')).toEqual(['namespace:shop,data']);
  expect(suggest('state:')).toEqual(['state:rollout_stuck']);
  expect(suggest('state:stuck')).toEqual(['state:rollout_stuck']);
});

it('words are a fault where the server cannot search for them', () => {
  const { words, faults } = readQuery(t, 'web state:failed', specs.slice(1), []);
  expect([words, faults.map(({ kind, value }) => `${kind} ${value}`)]).toEqual(['', ['words web']]);
});

it('a time is a day or a moment, and one at most', () => {
  expect(read('since:today since:2026-11-30T14:30', ofAudit)).toMatchObject({
    chips: ['since=today', 'since=2026-11-30T14:30'],
    faults: [],
  });
  expect(read('since:soon', ofAudit).faults).toEqual(['time since soon']);
  const chips = readQuery(t, 'since:today since:yesterday', ofAudit, []).chips;
  expect(changesFor(ofAudit, chips).since).toBe('yesterday');
  expect(chipsOf(address('since=soon'), ofAudit)).toEqual([]);
  expect(suggestionsFor(t, 'since:d', ofAudit, [], []).map(({ text }) => text)).toEqual([
    'since:today',
    'since:yesterday',
    'since:7d',
    'since:30d',
  ]);
});

it('what is known by a name is shown by it, and no id is shown for a name', () => {
  const shown = (search: string) => chipsOf(address(search), ofAudit).map((chip) => chipWords(t, chip));
  expect([shown('by=u'), shown('by=7')]).toEqual([['Ada Lovelace'], [t('query.nameUnread')]]);
});

it('of a choice of two the last one holds', () => {
  const problem = {
    ...specs[2],
    key: 'problem',
    token: 'problem',
    values: ['known', 'none'],
    yes: 'known',
    words: 'podProblem',
  } as Spec;
  const { chips } = readQuery(t, 'problem:known problem:none', [problem], []);
  expect(changesFor([problem], chips)).toEqual({ problem: 'none' });
});
