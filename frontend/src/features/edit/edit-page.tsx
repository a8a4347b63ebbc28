'use client';

import { Alert } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { type EditedObject, useLazyEditedObjectQuery } from './api';
import { draftOf } from './drafts';
import { EditingPage } from './editing';
import { NewDocuments } from './new-documents';
import { offerOf } from './offer';

/** The page of a text that is to be applied: that of one object, which the address names, or new documents. */
export function EditPage() {
  const id = useAddress().get('id');
  const [visit, setVisit] = useState(0);
  const restart = () => setVisit(visit + 1);
  return id ? (
    <EditedPage key={`${id} ${visit}`} id={id} restart={restart} />
  ) : (
    <NewDocuments key={visit} restart={restart} />
  );
}

interface EditedPageProps {
  id: string;
  restart: () => void;
}

function EditedPage({ id, restart }: EditedPageProps) {
  const { t } = useTranslation();
  const [read, { error }] = useLazyEditedObjectQuery();
  // Read once: what is read later is not what the author began with.
  const [object, setObject] = useState<EditedObject | null>();
  const begin = useCallback(async () => {
    const { data } = await read(id);
    if (data !== undefined) setObject(data);
  }, [read, id]);
  useEffect(() => {
    void begin();
  }, [begin]);
  if (object) return <WithObject object={object} restart={restart} />;
  return (
    <>
      <PageHead title={t('edit.title')} />
      {error ? <Problem error={error as GraphqlError} retry={() => void begin()} /> : null}
      {!error && object === undefined && <Loading lines={16} retry={() => void begin()} />}
      {object === null && (
        <section className="panel" data-testid="edit-missing">
          <Empty text={t('objects.missing')} />
        </section>
      )}
    </>
  );
}

function WithObject({ object, restart }: { object: EditedObject; restart: () => void }) {
  const { t } = useTranslation();
  const [start] = useState(() => ({
    text: object.manifest,
    base: { version: object.version, text: object.manifest, readAt: Date.now() },
    draft: draftOf(object.id) ?? null,
  }));
  const refusal = offerOf('EDIT', object.availableActions)?.refusal ?? null;
  return (
    <EditingPage
      title={t('edit.titleOf', { name: object.name })}
      object={object}
      cluster={object.cluster}
      namespace={object.namespace ?? ''}
      start={start}
      restart={restart}
    >
      {() =>
        refusal !== null && (
          <Alert
            type="warning"
            showIcon
            title={t('edit.notAllowed')}
            description={refusal}
            data-testid="edit-refused"
          />
        )
      }
    </EditingPage>
  );
}
