import { Alert, Button, Radio } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { isReadable, open } from '@/ui/editor/yaml/source';
import { placeKey, placeName } from '@/ui/evidence/field-place';
import { Values } from '@/ui/evidence/values';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { type EditedObject, useLazyEditedObjectQuery } from './api';
import type { Base } from './drafts';
import { type Merged, merge, type Side } from './merge';

interface EditConflictProps {
  id: string;
  base: Base;
  /** The document of the object as the author has it. */
  yours: string;
  /** Who changed which field, by its place, as far as the server says. */
  managers: ReadonlyMap<string, string>;
  /** Takes the merged value into the text. From then on the author has seen what is there now. */
  settle: (value: Merged['value'], base: Base) => void;
}

/** Others changed the object meanwhile: what it was, what it is now and what the author wrote, with a choice for each field. */
export function EditConflict({ id, base, yours, managers, settle }: EditConflictProps) {
  const { t } = useTranslation();
  const [read, { data: current, error, isFetching }] = useLazyEditedObjectQuery();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever settled it may be overtaken again.
  useEffect(() => {
    void read(id);
  }, [read, id, base.version]);
  if (error) return <Problem error={error as GraphqlError} retry={() => void read(id)} />;
  if (current === undefined || (isFetching && current?.version === base.version))
    return <Loading lines={4} retry={() => void read(id)} />;
  if (current === null) return <Alert type="error" showIcon title={t('edit.gone')} />;
  return <Choices current={current} base={base} yours={yours} managers={managers} settle={settle} />;
}

interface ChoicesProps extends Omit<EditConflictProps, 'id'> {
  current: EditedObject;
}

function Choices({ current, base, yours, managers, settle }: ChoicesProps) {
  const { t } = useTranslation();
  const [sides, setSides] = useState<ReadonlyMap<string, Side>>(new Map());
  const sideOf = (path: string): Side => sides.get(path) ?? 'theirs';
  const three = useMemo(() => {
    const [old, theirs, own] = [base.text, current.manifest, yours].map(open);
    if (!old || !theirs || !own || !isReadable(old) || !isReadable(theirs) || !isReadable(own)) return null;
    return { base: old.value, theirs: theirs.value, yours: own.value };
  }, [base.text, current.manifest, yours]);
  if (!three) return <Alert type="error" showIcon title={t('edit.notComparable')} />;
  const { overlaps, taken, value } = merge(three, sideOf);
  const takeOver = () =>
    settle(value, { version: current.version, text: current.manifest, readAt: Date.now() });
  return (
    <section className="panel preview" aria-labelledby="conflict-title" data-testid="edit-conflict">
      <h2 id="conflict-title">{t('edit.changedMeanwhile')}</h2>
      <p className="quiet">{t(overlaps.length > 0 ? 'edit.chooseEach' : 'edit.noOverlap')}</p>
      <ul className="conflicts">
        {overlaps.map((overlap) => {
          const field = placeName(overlap.path);
          const manager = managers.get(placeKey(overlap.path));
          return (
            <li key={overlap.path} className="conflict" data-testid="edit-overlap" data-path={overlap.path}>
              <p className="conflict-field">
                <code title={overlap.path}>{field}</code>{' '}
                {manager && <span className="quiet">{t('edit.changedBy', { manager })}</span>}
              </p>
              <Values
                columns={[
                  { title: t('edit.base'), value: overlap.base },
                  { title: t('edit.theirs'), value: overlap.theirs },
                  { title: t('edit.yours'), value: overlap.yours },
                ]}
              />
              <Radio.Group
                size="small"
                optionType="button"
                value={sideOf(overlap.path)}
                onChange={({ target }) => setSides(new Map(sides).set(overlap.path, target.value))}
                aria-label={t('edit.choiceFor', { field })}
                options={[
                  { value: 'theirs', label: t('edit.keepTheirs') },
                  { value: 'yours', label: t('edit.keepYours') },
                ]}
              />
            </li>
          );
        })}
      </ul>
      {taken.length > 0 && (
        <details className="fold">
          <summary>{t('edit.merged', { count: taken.length })}</summary>
          <ul>
            {taken.map((path) => (
              <li key={path}>
                <code>{placeName(path)}</code>
                {managers.has(placeKey(path)) && ` · ${managers.get(placeKey(path))}`}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="form-actions">
        <Button type="primary" onClick={takeOver} data-testid="edit-settle">
          {t('edit.settle')}
        </Button>
      </div>
    </section>
  );
}
