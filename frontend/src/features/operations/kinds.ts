import en from '@/language/en.json';
import { learnWords } from '@/language/texts';

/** Every verb that has a word: those of the catalogues, in the order of the actions, and those that the server named. */
export const operationKinds: string[] = Object.keys(en.operationKind);

/** Takes verbs and their words from the server. */
export function learnKinds(kinds: readonly { name: string; label: string }[]) {
  learnWords('operationKind', kinds);
  operationKinds.push(...kinds.map(({ name }) => name).filter((name) => !operationKinds.includes(name)));
}
