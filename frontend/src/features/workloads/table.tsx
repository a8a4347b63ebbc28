import { Table, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WorkloadOrder, WorkloadOrderField, WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { Window } from '@/resource/window';
import { useSize } from '@/ui/hooks/use-size';
import { useColumns } from './columns';

interface WorkloadTableProps {
  window: Window<WorkloadRowFragment>;
  orderBy: WorkloadOrder;
  onSort: (order: WorkloadOrder | null) => void;
}

const MIN_HEIGHT = 260;
const HEAD_AND_FOOT = 130;

export function WorkloadTable({ window, orderBy, onSort }: WorkloadTableProps) {
  const { t } = useTranslation();
  const [ref, { width, top, viewportHeight }] = useSize<HTMLDivElement>();
  const columns = useColumns(orderBy, width < 720);
  const total = columns.reduce((sum, column) => sum + Number(column.width), 0);

  const onChange: TableProps<WorkloadRowFragment>['onChange'] = (_page, _filters, sorter) => {
    const chosen = Array.isArray(sorter) ? sorter[0] : sorter;
    const direction = chosen?.order === 'descend' ? 'DESC' : 'ASC';
    onSort(chosen?.order ? { field: chosen.columnKey as WorkloadOrderField, direction } : null);
  };

  return (
    <div ref={ref} data-testid="workload-table">
      {width > 0 && (
        <Table<WorkloadRowFragment>
          virtual
          size="small"
          rowKey="id"
          pagination={false}
          columns={columns}
          dataSource={window.nodes}
          onChange={onChange}
          showSorterTooltip={false}
          aria-label={t('workloads.title')}
          scroll={{
            x: Math.max(total, width),
            y: Math.max(MIN_HEIGHT, viewportHeight - top - HEAD_AND_FOOT),
          }}
          // Two classes by turns: the same one twice would not start the animation again.
          rowClassName={({ id }) => (window.changes[id] ? `flash-${(window.changes[id] ?? 0) % 2}` : '')}
          onRow={({ name, state }) =>
            ({ 'data-testid': 'workload-row', 'data-name': name, 'data-state': state }) as object
          }
        />
      )}
    </div>
  );
}
