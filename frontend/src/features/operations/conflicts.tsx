import { useTranslation } from 'react-i18next';
import type { ConflictFieldsFragment } from '@/graphql/generated/graphql';
import { placeName } from '@/ui/evidence/field-place';
import { Values } from '@/ui/evidence/values';

/** The fields for which an operation failed, because others keep them or changed them first. */
export function Conflicts({ conflicts }: { conflicts: readonly ConflictFieldsFragment[] }) {
  const { t } = useTranslation();
  return (
    <ul className="conflicts" aria-label={t('operations.conflicts')} data-testid="operation-conflicts">
      {conflicts.map(({ path, manager, base, live, yours }) => (
        <li key={path}>
          <code title={path}>{placeName(path)}</code>{' '}
          {manager && <span className="quiet">{t('edit.changedBy', { manager })}</span>}
          <Values
            columns={[
              { title: t('operations.wasBefore'), value: base },
              { title: t('edit.theirs'), value: live },
              { title: t('operations.wanted'), value: yours },
            ]}
          />
        </li>
      ))}
    </ul>
  );
}
