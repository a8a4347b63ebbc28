import { ResourceList } from '@/resource/resource-list';
import { operationList } from './list';

/** The operations on one object. */
export function OperationsOf({ id }: { id: string }) {
  return (
    <div className="stack">
      <ResourceList list={operationList} within={{ target: id }} />
    </div>
  );
}
