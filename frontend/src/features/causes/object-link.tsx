import Link from 'next/link';
import { objectPath } from '@/resource/path';

/** The kinds that are rows of a list. A ReplicaSet belongs to a Deployment in most cases, and then is none. */
const LISTED = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

interface ObjectLinkProps {
  id: string;
  /** The workload that lists the pods meant here; without one, a pod is named but not linked. */
  podsOf?: string;
}

/** The kind and the name of an object, linked to the page that shows it: a pod to its logs. */
export function ObjectLink({ id, podsOf }: ObjectLinkProps) {
  const [kind = '', , , name = ''] = id.split('~');
  const words = `${kind} ${name}`;
  const href = LISTED.includes(kind)
    ? objectPath('workloads', id)
    : kind === 'Pod' && podsOf && `${objectPath('workloads', podsOf)}?tab=logs&pod=${encodeURIComponent(id)}`;
  return href ? (
    <Link href={href} prefetch={false}>
      {words}
    </Link>
  ) : (
    words
  );
}
