import { eitherKeys, type KeyWords, objectKeys, rowKeys } from '@/resource/keys';

/** The keys of every page. */
export const pageKeys = {
  find: { keys: ['Mod+k'], words: 'keys.find' },
  all: { keys: ['?'], words: 'keys.all' },
  filter: { keys: ['/'], words: 'keys.filter' },
  overview: { keys: ['g', 'o'], words: 'keys.overview' },
  workloads: { keys: ['g', 'w'], words: 'keys.workloads' },
  pods: { keys: ['g', 'p'], words: 'keys.pods' },
  objects: { keys: ['g', 'k'], words: 'keys.objects' },
  audit: { keys: ['g', 'a'], words: 'keys.audit' },
  clusters: { keys: ['g', 'c'], words: 'keys.clusters' },
  cluster: { keys: ['g', '1-9'], words: 'keys.cluster' },
} satisfies Record<string, KeyWords>;

/** What the browser and the dialogs do by themselves. */
export const nativeKeys = {
  open: { keys: ['Enter'], words: 'keys.open' },
  close: { keys: ['Escape'], words: 'keys.close' },
} satisfies Record<string, KeyWords>;

/** All keys, as the sheet shows them. */
export const keyTable = [
  { title: 'keys.everywhere', keys: [...Object.values(pageKeys), nativeKeys.close] },
  { title: 'keys.inList', keys: [...Object.values(rowKeys), nativeKeys.open] },
  { title: 'keys.ofEither', keys: Object.values(eitherKeys) },
  { title: 'keys.ofObject', keys: Object.values(objectKeys) },
] as const satisfies readonly { title: KeyWords['words']; keys: readonly KeyWords[] }[];
