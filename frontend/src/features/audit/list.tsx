'use client';

import { useTranslation } from 'react-i18next';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { PageHead } from '@/ui/page-head';
import { type AuditWindowArgs, useAuditEventsQuery } from './api';
import { AuditEntry } from './entry';
import { eventTypes, groupOf } from './event-types';

const auditList: ListSpec<AuditRowFragment, AuditWindowArgs> = {
  name: 'audit',
  title: 'audit.title',
  useQuery: useAuditEventsQuery,
  first: 50,
  filters: [
    { key: 'q', field: 'search', control: 'search', label: 'audit.search' },
    {
      key: 'type',
      field: 'types',
      control: 'choice',
      token: 'type',
      label: 'audit.type',
      values: eventTypes,
      words: 'eventType',
      groupOf,
    },
    { key: 'ns', field: 'namespace', control: 'text', token: 'namespace', label: 'workloads.namespace' },
    { key: 'operation', field: 'operation', control: 'link', label: 'audit.operation' },
    { key: 'target', field: 'target', control: 'link', label: 'audit.target' },
  ],
  Rows: ({ window }) => (
    <div className="panel">
      <ol className="audit" data-testid="audit-events">
        {window.nodes.map((event) => (
          <AuditEntry key={event.position} event={event} />
        ))}
      </ol>
    </div>
  ),
  none: 'audit.none',
  noneMatch: 'audit.noneMatch',
};

export function AuditLog() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('audit.title')} lead={<p className="quiet">{t('audit.lead')}</p>} />
      <ResourceList list={auditList} />
    </>
  );
}
