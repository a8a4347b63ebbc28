import Link from 'next/link';
import { ClusterPrefix } from '@/features/clusters/cluster-prefix';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';

/** The object of an operation, linked while it exists. */
export function TargetLink({
  target,
}: {
  target: Pick<OperationFieldsFragment['target'], 'namespace' | 'name' | 'workload'>;
}) {
  const name = [target.namespace, target.name].filter(Boolean).join('/');
  if (!target.workload) return <span>{name}</span>;
  return (
    <Link href={objectPath('workloads', target.workload.id)} prefetch={false}>
      {name}
    </Link>
  );
}

type Placed = Omit<OperationFieldsFragment['target'], 'cluster'> & { cluster: { id: string } };

/** The same after its kind and, where there are several, its cluster. */
export function PlacedTarget({ target }: { target: Placed }) {
  return (
    <>
      <span className="quiet">
        {target.kind} <ClusterPrefix id={target.cluster.id} />
      </span>
      <TargetLink target={target} />
    </>
  );
}
