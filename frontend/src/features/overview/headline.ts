import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { CLAUSE } from '@/ui/feedback/cause-parts';

type Cause = Pick<CauseFieldsFragment, 'message' | 'evidence'>;

const withoutStop = (text: string) => text.replace(/[.。\s]+$/u, '');

/** A cause without its details, if its evidence tells them in the same words. */
export function headline({ message: { text }, evidence }: Cause): string {
  const [, first, details] = CLAUSE.exec(text) ?? [];
  if (!first || !details) return text;
  const isTold = evidence.some(({ message }) => {
    const told = CLAUSE.exec(message.text)?.[2];
    return told !== undefined && (details.includes(withoutStop(told)) || told.includes(withoutStop(details)));
  });
  return isTold ? first : text;
}

/** Pods of one workload are in the same trouble: what is said in the same words is shown once. */
export function shownOnce(evidence: Cause['evidence']): Cause['evidence'] {
  const words = evidence.map(({ message }) => message.text);
  return evidence.filter(({ message }, index) => words.indexOf(message.text) === index);
}
