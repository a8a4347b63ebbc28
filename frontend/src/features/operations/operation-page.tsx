'use client';

import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useActsOn } from '@/features/clusters/acting';
import { Neighbours } from '@/resource/neighbours';
import { useObjectId } from '@/resource/use-object-id';
import { PageHead } from '@/ui/page-head';
import { useOperationQuery } from './api';
import { operationList } from './list';
import { OperationBody, useOperationTitle } from './operation-body';

/** What the drawer shows, as a page that one can send to others. */
export function OperationPage() {
  const { t } = useTranslation();
  const id = useObjectId();
  useActsOn(useOperationQuery(id).currentData?.operation?.target.cluster.id);
  const toList = (
    <Link href="/operations" prefetch={false}>
      {t('tray.all')}
    </Link>
  );
  return (
    <>
      <Neighbours list={operationList.name} path="operations" id={id} toList={toList} />
      <PageHead title={useOperationTitle(id)} />
      <section className="panel">
        <OperationBody id={id} />
      </section>
    </>
  );
}
