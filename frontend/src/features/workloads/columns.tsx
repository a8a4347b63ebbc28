import type { TableColumnsType } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { WorkloadOrder, WorkloadOrderField, WorkloadRowFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { Age } from '@/ui/feedback/age';
import { readiness } from './readiness';
import { WorkloadStateTag } from './states';

export function useColumns(orderBy: WorkloadOrder, narrow: boolean): TableColumnsType<WorkloadRowFragment> {
  const { t } = useTranslation();
  const sortable = (field: WorkloadOrderField) =>
    ({
      key: field,
      sorter: true,
      sortOrder: orderBy.field === field ? (orderBy.direction === 'DESC' ? 'descend' : 'ascend') : null,
    }) as const;

  const name: TableColumnsType<WorkloadRowFragment> = [
    {
      title: t('workloads.name'),
      ...sortable('NAME'),
      width: narrow ? 170 : 210,
      render: (_, row) => (
        <>
          <Link href={objectPath('workloads', row.id)} prefetch={false} data-testid={`workload-${row.name}`}>
            {row.name}
          </Link>
          <div className="quiet">{narrow ? row.namespace : t(`workloadKind.${row.kind}`)}</div>
        </>
      ),
    },
  ];
  const namespace: TableColumnsType<WorkloadRowFragment> = [
    {
      title: t('workloads.namespace'),
      ...sortable('NAMESPACE'),
      width: 165,
      ellipsis: true,
      dataIndex: 'namespace',
    },
  ];
  const state: TableColumnsType<WorkloadRowFragment> = [
    {
      title: t('workloads.state'),
      ...sortable('STATE'),
      width: narrow ? 132 : 230,
      render: (_, row) => (
        <>
          <WorkloadStateTag state={row.state} />
          {row.reason && (
            <div className="quiet clip" title={row.reason}>
              {row.reason}
            </div>
          )}
        </>
      ),
    },
    {
      title: t('workloads.ready'),
      key: 'ready',
      width: narrow ? 62 : 75,
      render: (_, row) => {
        const pods = readiness(row);
        return pods && `${pods.ready}/${pods.desired}`;
      },
    },
  ];
  const rest: TableColumnsType<WorkloadRowFragment> = [
    {
      title: t('workloads.images'),
      key: 'images',
      width: 195,
      render: (_, { images }) => (
        <div className="clip" title={images.join('\n')}>
          {images.join(', ')}
        </div>
      ),
    },
    {
      title: t('workloads.created'),
      ...sortable('CREATED_AT'),
      width: 130,
      render: (_, { createdAt }) => <Age at={createdAt} />,
    },
  ];
  return narrow ? [...name, ...state] : [...name, ...namespace, ...state, ...rest];
}
