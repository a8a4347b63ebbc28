import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { PreviewChange } from '@/graphql/generated/graphql';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

/** What would become of a document, the worst first. */
const changes: Record<PreviewChange, Tone> = {
  REFUSED: 'bad',
  UNTESTED: 'unknown',
  CREATE: 'good',
  UPDATE: 'busy',
  NONE: 'idle',
};

export const previewChanges = valuesOf(changes);

export function ChangeTag({ change }: { change: PreviewChange }) {
  const { t } = useTranslation();
  return (
    <StateTag
      tone={changes[change]}
      state={change}
      text={t(`previewChange.${change}`)}
      data-testid="preview-change"
    />
  );
}
