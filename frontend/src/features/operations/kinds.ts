import { valuesOf } from '@/graphql/enum';
import type en from '@/language/en.json';

/** Every verb that has a word in the catalogues, in the order of the actions. */
const kinds: Record<keyof typeof en.operationKind, true> = {
  CreateWorkload: true,
  ScaleWorkload: true,
  RestartWorkload: true,
  StopWorkload: true,
  StartWorkload: true,
  DeleteWorkload: true,
};

export const operationKinds = valuesOf(kinds);
