import { FileTextOutlined, HistoryOutlined, LineChartOutlined, ProfileOutlined } from '@ant-design/icons';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { TextKey } from '@/language/texts';
import { objectPath } from '@/resource/path';

const tabs: [string, TextKey, ReactNode][] = [
  ['logs', 'detail.tab.logs', <ProfileOutlined key="logs" aria-hidden="true" />],
  ['metrics', 'detail.tab.metrics', <LineChartOutlined key="metrics" aria-hidden="true" />],
  ['yaml', 'detail.tab.yaml', <FileTextOutlined key="yaml" aria-hidden="true" />],
  ['history', 'detail.tab.history', <HistoryOutlined key="history" aria-hidden="true" />],
];

/** From the row of a workload to the tabs of its page. */
export function RowLinks({ row }: { row: WorkloadRowFragment }) {
  const { t } = useTranslation();
  return tabs.map(([tab, title, icon]) => {
    const words = t('list.actionsOf', { action: t(title), name: row.name });
    return (
      <Link
        key={tab}
        className="plain-button"
        href={`${objectPath('workloads', row.id)}?tab=${tab}`}
        prefetch={false}
        aria-label={words}
        title={words}
        data-testid={`row-${tab}`}
      >
        {icon}
      </Link>
    );
  });
}
