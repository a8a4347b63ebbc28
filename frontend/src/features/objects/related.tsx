import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import { objectWords, partsOf } from '@/features/causes/place';
import { valuesOf } from '@/graphql/enum';
import type { Relation } from '@/graphql/generated/graphql';
import { NO_NAMESPACE } from '@/resource/path';
import { useReread } from '@/resource/use-reread';
import { WindowRows } from '@/resource/window-rows';
import { Empty } from '@/ui/feedback/empty';
import { type MissingRow, type RelatedRow, useRelatedQuery } from './api';
import { ObjectStateTag } from './states';

/** Every relation, in the order in which one asks: what it belongs to, what it needs, who needs it. */
const relations: Record<Relation, true> = {
  OWNER: true,
  OWNED: true,
  BINDS: true,
  MOUNTS: true,
  MOUNTED_BY: true,
  SELECTS: true,
  SELECTED_BY: true,
  ROUTES_TO: true,
  ROUTED_FROM: true,
  SCALES: true,
  SCALED_BY: true,
};

/** The objects that are one step away, by what the object is to them. Another `of` is a later state of it. */
export function Related({ of }: { of: { id: string } }) {
  const { t, i18n } = useTranslation();
  const { currentData: data, error, refetch } = useRelatedQuery(of.id);
  useReread(refetch, of);
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <WindowRows
      rows={data && [...data.missing, ...data.nodes]}
      error={error}
      retry={() => void refetch()}
      empty={
        <section className="panel">
          <Empty text={t('related.none')} />
        </section>
      }
    >
      {() =>
        data && (
          <div className="stack" data-testid="related">
            {data.missing.length > 0 && <Missing rows={data.missing} />}
            <div className="columns from-top">
              {valuesOf(relations).map((relation) => (
                <OfRelation
                  key={relation}
                  relation={relation}
                  rows={data.nodes.filter((row) => row.relation === relation)}
                  of={of.id}
                />
              ))}
            </div>
            {data.totalCount > data.nodes.length && (
              <p className="quiet">
                {t('related.part', {
                  shown: number.format(data.nodes.length),
                  total: number.format(data.totalCount),
                })}
              </p>
            )}
          </div>
        )
      }
    </WindowRows>
  );
}

/** What the manifest names and is not there. It may do its work without. */
export function Missing({ rows }: { rows: readonly MissingRow[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="missing" data-testid="related-missing">
      <h2 id="missing">{t('related.missing')}</h2>
      <ul className="related">
        {rows.map(({ relation, objectId }) => (
          <li key={`${relation} ${objectId}`}>
            <span className="quiet">{t(`relation.${relation}`)}</span>
            <span className="warn-text">{objectWords(objectId)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OfRelationProps {
  relation: Relation;
  rows: readonly RelatedRow[];
  /** The id of the object that they are related to. */
  of: string;
}

function OfRelation({ relation, rows, of }: OfRelationProps) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <section className="panel" aria-labelledby={relation} data-testid={`related-${relation}`}>
      <h2 id={relation}>{t(`relation.${relation}`)}</h2>
      <ul className="related">
        {rows.map(({ object: { id, state, cause } }) => (
          <li key={id}>
            <ObjectLink id={id} isRecorded />
            <Elsewhere id={id} of={of} />
            <ObjectStateTag state={state} />
            {cause && <span className="quiet">{cause.message.text}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The namespace of an object that is in another one. */
function Elsewhere({ id, of }: { id: string; of: string }) {
  const { namespace } = partsOf(id);
  if (namespace === NO_NAMESPACE || namespace === partsOf(of).namespace) return null;
  return <span className="quiet">{namespace}</span>;
}
