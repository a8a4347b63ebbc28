import { useTranslation } from 'react-i18next';
import { partsOf } from '@/features/causes/place';
import { Age } from '@/ui/feedback/age';
import { useEndQuery } from './api';

const POLL_MS = 2_000;

/** The end of an object that is gone: null when none was recorded, undefined while that is not known yet. */
export function useEnd(id: string, isGone: boolean, wasShown: boolean) {
  // The audit log may show the end a moment after the object went.
  const { currentData: at, isError } = useEndQuery(id, {
    skip: !isGone,
    pollingInterval: wasShown ? POLL_MS : 0,
  });
  if (isError) return null;
  if (at == null) return at;
  return { name: partsOf(id).name || id, facts: <Gone at={at} /> };
}

function Gone({ at }: { at: string }) {
  const { t } = useTranslation();
  return (
    <div data-testid="deletion">
      {t('detail.goneSince')} <Age at={at} />
    </div>
  );
}
