import dynamic from 'next/dynamic';
import { Loading } from '@/ui/feedback/loading';
import type { ResourceTable as Table } from './resource-table';
import { tableScript } from './table-script';

const load = () =>
  import('./resource-table').then((module) => {
    tableScript.loaded();
    return module.ResourceTable;
  });

// The rows take longer to read than the table to load, so neither waits for the other.
if (typeof window !== 'undefined') void load();

/** The table of a list, loaded beside its rows: a page can be read and filtered before it is there. */
export const ResourceTable = dynamic(() => load(), {
  ssr: false,
  loading: () => <Loading lines={10} />,
}) as typeof Table;
