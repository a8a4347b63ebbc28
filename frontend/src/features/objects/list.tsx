'use client';

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { kindWord } from '@/features/causes/place';
import { useClustersQuery } from '@/features/clusters/api';
import { useClusterOfPage } from '@/features/clusters/cluster-of-page';
import { useKinds } from '@/features/kinds/api';
import { ChooseKind } from '@/features/kinds/choose-kind';
import { KindFold } from '@/features/kinds/kind-fold';
import { titleOf } from '@/features/kinds/sections';
import { ResourceList } from '@/resource/resource-list';
import { LinkButton } from '@/ui/controls/link-button';
import { Loading } from '@/ui/feedback/loading';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { usePrintedColumnsQuery } from './api';
import { columnsOf, type Listed } from './columns';
import { Columns, objectList } from './object-list';

/** The objects of the kind that the address names, or of all kinds. */
export function ObjectList() {
  const kind = useAddress().get('kind');
  return kind ? <ObjectsOfKind key={kind} id={kind} /> : <AllObjects />;
}

const all: Listed = { isRecorded: true, isNamespaced: true, printed: [] };
const allObjects = objectList(all);
const allColumns = columnsOf(all);

function AllObjects() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('objects.title')} lead={<p className="quiet">{t('objects.recordedOnly')}</p>}>
        <NewDocuments />
      </PageHead>
      <KindFold />
      <Columns value={allColumns}>
        <ResourceList list={allObjects} />
      </Columns>
    </>
  );
}

/** The way to apply documents, where the list is. */
function NewDocuments() {
  const { t } = useTranslation();
  const address = useAddress();
  const place = new URLSearchParams();
  for (const key of ['cluster', 'ns']) {
    const value = address.get(key);
    if (value && !value.includes(',')) place.set(key, value);
  }
  return (
    <LinkButton href={place.size > 0 ? `/edit?${place}` : '/edit'} data-testid="apply-documents">
      {t('edit.newTitle')}
    </LinkButton>
  );
}

function ObjectsOfKind({ id }: { id: string }) {
  const { t } = useTranslation();
  const clusters = useClustersQuery();
  const cluster = useClusterOfPage();
  const kinds = useKinds(cluster?.id);
  const kind = kinds.data?.find((one) => one.id === id);
  const isAsked = clusters.data || clusters.isError;
  // Of a cluster that does not answer, what is recorded is shown all the same.
  const isKnown = Boolean(isAsked && (!cluster || kinds.data || kinds.isError));
  const isServed = !kinds.data || kind !== undefined;
  return (
    <>
      <PageHead
        title={kind ? titleOf(kind) : kindWord(id)}
        beside={kind?.group && <span className="quiet">{kind.group}</span>}
        lead={!isServed && <p className="quiet">{t('objects.notServed', { kind: id })}</p>}
      >
        {kind && cluster && <ChooseKind kind={kind} cluster={cluster} />}
        <NewDocuments />
      </PageHead>
      <KindFold />
      {isKnown ? (
        <Listing
          kind={id}
          cluster={cluster?.id}
          isRecorded={kind?.recorded ?? true}
          isNamespaced={kind?.namespaced ?? true}
        />
      ) : (
        <Loading lines={10} />
      )}
    </>
  );
}

interface ListingProps extends Omit<Listed, 'printed'> {
  kind: string;
  cluster?: string;
}

const NOT_PRINTED: readonly string[] = [];
const POLL_MS = 30_000;

function Listing({ kind, cluster, isRecorded, isNamespaced }: ListingProps) {
  const ofKind = { kinds: [kind], cluster };
  const { data: printed = NOT_PRINTED } = usePrintedColumnsQuery(ofKind);
  // While there is no object, nothing tells them.
  usePrintedColumnsQuery(ofKind, { skip: printed.length > 0, pollingInterval: POLL_MS });
  const [list, columns] = useMemo(() => {
    const listed = { kind, isRecorded, isNamespaced, printed };
    return [objectList(listed), columnsOf(listed)] as const;
  }, [kind, isRecorded, isNamespaced, printed]);
  return (
    <Columns value={columns}>
      {/* A list that is read live is asked in another way. */}
      <ResourceList key={String(isRecorded)} list={list} within={{ kinds: [kind] }} />
    </Columns>
  );
}
