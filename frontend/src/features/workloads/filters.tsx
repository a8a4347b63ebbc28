import { SearchOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamespacesQuery } from '@/features/clusters/api';
import type { WorkloadFilter } from '@/graphql/generated/graphql';
import type { useAddress } from '@/ui/hooks/use-address';
import { useDebouncedText } from '@/ui/hooks/use-debounced-text';
import { kinds } from './list-parameters';
import { workloadStates } from './states';

interface FiltersProps {
  address: ReturnType<typeof useAddress>;
  filter: WorkloadFilter;
}

export function Filters({ address, filter }: FiltersProps) {
  const { t } = useTranslation();
  const search = useDebouncedText(address.get('q'), (q) => address.set({ q }));
  const [looking, setLooking] = useState(false);
  const namespaces = useNamespacesQuery({}, { skip: !looking });

  return (
    <search className="filters">
      <Input
        prefix={<SearchOutlined aria-hidden="true" />}
        className="filter"
        allowClear
        aria-label={t('workloads.search')}
        placeholder={t('workloads.search')}
        data-testid="workload-search"
        {...search}
      />
      <Select
        mode="multiple"
        className="filter"
        allowClear
        aria-label={t('workloads.namespace')}
        placeholder={t('workloads.namespace')}
        loading={namespaces.isFetching}
        onOpenChange={(open) => open && setLooking(true)}
        value={filter.namespaces ?? []}
        onChange={(ns: string[]) => address.set({ ns })}
        options={(namespaces.data ?? filter.namespaces ?? []).map((value) => ({ value, label: value }))}
      />
      <Select
        mode="multiple"
        className="filter"
        allowClear
        aria-label={t('workloads.kind')}
        placeholder={t('workloads.kind')}
        value={filter.kinds ?? []}
        onChange={(kind: string[]) => address.set({ kind })}
        options={kinds.map((value) => ({ value, label: t(`workloadKind.${value}`) }))}
      />
      <Select
        mode="multiple"
        className="filter"
        allowClear
        aria-label={t('workloads.state')}
        placeholder={t('workloads.state')}
        value={filter.states ?? []}
        onChange={(state: string[]) => address.set({ state })}
        options={workloadStates.map((value) => ({ value, label: t(`workloadState.${value}`) }))}
      />
    </search>
  );
}
