import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { OperationStateTag } from './states';

export function Stages({ stages }: { stages: OperationFieldsFragment['stages'] }) {
  const { t } = useTranslation();
  return (
    <details className="stages fold">
      <summary>{t('operations.stages', { count: stages.length })}</summary>
      <ol>
        {stages.map((stage) => (
          <li key={stage.name}>
            <span className="grow">
              {serverWord(t, 'stage', stage.name)}
              {stage.message && <span className="quiet"> · {stage.message}</span>}
            </span>
            {stage.startedAt && stage.finishedAt && (
              <span className="quiet number">
                {t('operations.seconds', { seconds: seconds(stage.startedAt, stage.finishedAt) })}
              </span>
            )}
            <OperationStateTag state={stage.state} />
          </li>
        ))}
      </ol>
    </details>
  );
}

export function seconds(from: string, to: string): string {
  return ((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1);
}
