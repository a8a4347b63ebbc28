import type { TFunction } from 'i18next';

const known = [
  'CreateWorkload',
  'ScaleWorkload',
  'RestartWorkload',
  'StopWorkload',
  'StartWorkload',
  'DeleteWorkload',
] as const;

/** The verb in the reader's language; one this page does not know yet is shown as it came. */
export function operationName(t: TFunction, kind: string): string {
  const name = known.find((one) => one === kind);
  return name ? t(`operationKind.${name}`) : kind;
}
