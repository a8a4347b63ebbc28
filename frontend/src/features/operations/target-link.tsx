import Link from 'next/link';
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
