import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { duration } from '@/ui/feedback/times';
import { OperationStateTag } from './states';

export function Stages({ stages }: { stages: OperationFieldsFragment['stages'] }) {
  const { t, i18n } = useTranslation();
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
              <span className="quiet number">{took(stage.startedAt, stage.finishedAt, i18n.language)}</span>
            )}
            <OperationStateTag state={stage.state} />
          </li>
        ))}
      </ol>
    </details>
  );
}

export function took(from: string, to: string, language: string): string {
  return duration(Date.parse(to) - Date.parse(from), language);
}
