import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { isActive } from './states';

/** What counts for them is their runs, not how many pods they have. */
export const hasRuns = ({ kind }: Pick<OperationFieldsFragment['target'], 'kind'>) =>
  ['Job', 'CronJob'].includes(kind);

/** What will end an operation that is not over. */
export function Endings({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const { kind, state, target } = operation;
  if (!isActive(state)) return null;
  const goal = serverWord(t, 'operationGoal', kind);
  const isKnown = goal !== kind && (!hasRuns(target) || kind === 'DeleteWorkload');
  return (
    <section className="panel" aria-labelledby="endings" data-testid="operation-endings">
      <h2 id="endings">{t('endings.title')}</h2>
      <dl className="facts">
        <dt>{t('endings.succeeds')}</dt>
        <dd>{isKnown ? goal : t('endings.lastStage')}</dd>
        {(['fails', 'overtaken', 'cancel', 'retry'] as const).map((ending) => (
          <Ending key={ending} name={t(`endings.${ending}`)} words={t(`endings.${ending}Words`)} />
        ))}
      </dl>
    </section>
  );
}

function Ending({ name, words }: { name: string; words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}
