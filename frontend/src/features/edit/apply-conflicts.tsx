import { Button, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { placeName } from '@/ui/evidence/field-place';
import { Values } from '@/ui/evidence/values';
import type { PreviewConflict } from './api';

/** The choices between the author and other managers, by the id of the object. */
export interface Ownership {
  /** The fields of an object that others keep, as the first preview named them. */
  conflictsOf: (id: string) => readonly PreviewConflict[];
  /** The fields of an object that the author takes over. */
  takenOf: (id: string) => readonly string[];
  /** Takes over these fields. The others stay with whoever keeps them. */
  settle: (id: string, paths: readonly string[]) => void;
}

interface ApplyConflictsProps {
  id: string;
  conflicts: readonly PreviewConflict[];
  ownership: Ownership;
}

/** Fields that somebody else keeps: for each, whether it stays with them. */
export function ApplyConflicts({ id, conflicts, ownership }: ApplyConflictsProps) {
  const { t } = useTranslation();
  const [taken, setTaken] = useState<ReadonlySet<string>>(() => new Set(ownership.takenOf(id)));
  const choose = (path: string, isTaken: boolean) => {
    const next = new Set(taken);
    if (isTaken) next.add(path);
    else next.delete(path);
    setTaken(next);
  };
  return (
    <>
      <ul className="conflicts" aria-label={t('edit.keptByOthers')}>
        {conflicts.map(({ path, manager, live, yours }) => {
          const field = placeName(path);
          return (
            <li key={path} className="conflict" data-testid="apply-conflict" data-path={path}>
              <p className="conflict-field">
                <code title={path}>{field}</code>{' '}
                {manager && <span className="quiet">{t('edit.keptBy', { manager })}</span>}
              </p>
              <Values
                columns={[
                  { title: t('edit.live'), value: live },
                  { title: t('edit.yours'), value: yours },
                ]}
              />
              <Radio.Group
                size="small"
                optionType="button"
                value={taken.has(path) ? 'take' : 'leave'}
                onChange={({ target }) => choose(path, target.value === 'take')}
                aria-label={t('edit.choiceFor', { field })}
                options={[
                  { value: 'leave', label: t('edit.leave') },
                  { value: 'take', label: t('edit.take') },
                ]}
              />
            </li>
          );
        })}
      </ul>
      <div className="form-actions">
        <Button onClick={() => ownership.settle(id, [...taken])} data-testid="apply-settle">
          {t('edit.useChoices')}
        </Button>
      </div>
    </>
  );
}
