'use client';

import { Button, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKnownClusters } from '@/features/clusters/api';
import { clusterFilter } from '@/features/clusters/place-filters';
import { operationKinds } from '@/features/operations/kinds';
import { operationStates } from '@/features/operations/states';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { type AuditWindowArgs, useAuditEventsQuery } from './api';
import { auditCsv } from './csv';
import { Days } from './days';
import { eventTypes, groupOf } from './event-types';
import { knownPeople } from './people';
import { chosenView, filterOf, initialView, type View, views } from './views';
import { PERSON } from './who';

const auditList: ListSpec<AuditRowFragment, AuditWindowArgs> = {
  name: 'audit',
  title: 'audit.title',
  useQuery: useAuditEventsQuery,
  first: 50,
  idOf: ({ position }) => position,
  csv: auditCsv,
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
    clusterFilter,
    { key: 'ns', field: 'namespace', control: 'text', token: 'namespace', label: 'workloads.namespace' },
    { key: 'since', field: 'since', control: 'time', edge: 'begin', token: 'since', label: 'list.since' },
    { key: 'until', field: 'until', control: 'time', edge: 'end', token: 'until', label: 'list.until' },
    {
      key: PERSON,
      field: 'actor',
      control: 'named',
      token: 'person',
      label: 'audit.person',
      known: knownPeople,
    },
    {
      key: 'verb',
      field: 'verbs',
      control: 'choice',
      token: 'verb',
      label: 'audit.verb',
      values: operationKinds,
      words: 'operationKind',
    },
    {
      key: 'outcome',
      field: 'states',
      control: 'choice',
      token: 'outcome',
      label: 'audit.outcome',
      values: operationStates,
      words: 'operationState',
    },
    { key: 'operation', field: 'operation', control: 'link', label: 'audit.operation' },
    { key: 'target', field: 'target', control: 'link', label: 'audit.target' },
  ],
  unanswered: { object: 'audit.objectByName', person: 'audit.personLoaded' },
  Rows: Days,
  lagsAs: 'audit_log',
  none: 'audit.none',
  noneMatch: 'audit.noneMatch',
};

/** The same where only a part of the log is looked at. */
const partOfLog: typeof auditList = { ...auditList, none: 'audit.noneOfView' };

export function AuditLog() {
  const { t } = useTranslation();
  const address = useAddress();
  // The chip of a filter has their names.
  useKnownClusters();
  const view = chosenView(address);
  const within = filterOf(view);
  const choose = (next: View) => address.set({ by: next === initialView(address) ? null : next, type: null });
  return (
    <>
      <PageHead title={t('audit.title')} lead={<p className="quiet">{t('audit.lead')}</p>}>
        <Radio.Group
          value={view}
          onChange={({ target }) => choose(target.value)}
          optionType="button"
          aria-label={t('history.who')}
          options={views.map((value) => ({ value, label: t(`audit.view.${value}`) }))}
          data-testid="audit-views"
        />
      </PageHead>
      <ResourceList
        list={within ? partOfLog : auditList}
        within={within}
        firstStep={within && <Button onClick={() => choose('all')}>{t('audit.showAll')}</Button>}
      />
    </>
  );
}
