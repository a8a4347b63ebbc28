'use client';

import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/server-words';
import { Pager, usePager } from '@/resource/pager';
import { UnknownFilter } from '@/resource/unknown-filter';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { known, useAddress } from '@/ui/hooks/use-address';
import { useDebouncedText } from '@/ui/hooks/use-debounced-text';
import { PageHead } from '@/ui/page-head';
import { useAuditEventsQuery } from './api';
import { AuditEntry } from './entry';
import { eventTypes, everyType } from './event-types';

const PAGE = 50;

export function Audit() {
  const { t } = useTranslation();
  const address = useAddress();
  const search = useDebouncedText(address.get('q'), (q) => address.set({ q }));
  const namespace = useDebouncedText(address.get('ns'), (ns) => address.set({ ns }));
  const types = known(address.list('type'), everyType);
  const operation = address.get('operation');
  const target = address.get('target');
  const filter = {
    ...(address.get('q') && { search: address.get('q') }),
    ...(address.get('ns') && { namespace: address.get('ns') }),
    ...(types.length > 0 && { types }),
    ...(operation && { operation }),
    ...(target && { target }),
  };
  const pager = usePager(JSON.stringify(filter));
  const { data, error, refetch, fulfilledTimeStamp } = useAuditEventsQuery({
    filter,
    first: PAGE,
    after: pager.after,
  });

  return (
    <>
      <PageHead title={t('audit.title')} lead={<p className="quiet">{t('audit.lead')}</p>} />
      <div className="filters">
        <Input
          prefix={<SearchOutlined aria-hidden="true" />}
          className="filter"
          allowClear
          aria-label={t('audit.search')}
          placeholder={t('audit.search')}
          data-testid="audit-search"
          {...search}
        />
        <Select
          mode="multiple"
          className="filter"
          allowClear
          maxTagCount="responsive"
          aria-label={t('audit.type')}
          placeholder={t('audit.type')}
          data-testid="audit-type"
          value={types}
          onChange={(type: string[]) => address.set({ type })}
          optionFilterProp="label"
          options={eventTypes.map(({ noun, types: ofNoun }) => ({
            label: t(`audit.noun.${noun}`),
            options: ofNoun.map((value) => ({ value, label: serverWord(t, 'eventType', value) })),
          }))}
        />
        <Input
          className="filter"
          allowClear
          aria-label={t('workloads.namespace')}
          placeholder={t('workloads.namespace')}
          {...namespace}
        />
        {(operation || target) && (
          <Button onClick={() => address.set({ operation: null, target: null })} data-testid="audit-all">
            {t('audit.all')}
          </Button>
        )}
      </div>
      <UnknownFilter address={address} allowed={{ type: everyType }} />
      <section className="panel" aria-label={t('audit.title')}>
        {error && <Problem error={error as GraphqlError} retry={refetch} asOf={data && fulfilledTimeStamp} />}
        {!data && !error && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
        {data?.nodes.length === 0 && <Empty text={t('audit.none')} />}
        {data && data.nodes.length > 0 && (
          <ol className="audit" data-testid="audit-events">
            {data.nodes.map((event) => (
              <AuditEntry key={event.position} event={event} />
            ))}
          </ol>
        )}
        <Pager pager={pager} next={data?.pageInfo.hasNextPage ? data.pageInfo.endCursor : null} />
      </section>
    </>
  );
}
