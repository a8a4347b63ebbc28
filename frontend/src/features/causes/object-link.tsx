import Link from 'next/link';
import { objectPath } from '@/resource/path';

/** The kinds that are rows of a list. A ReplicaSet belongs to a Deployment in most cases, and then is none. */
const LISTED = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** The page that shows an object. A pod is shown by the workload that lists it, if one is given: its logs. */
export function objectHref(id: string, podsOf?: string): string | undefined {
  const { kind } = partsOf(id);
  if (LISTED.includes(kind)) return objectPath('workloads', id);
  if (kind !== 'Pod' || !podsOf) return undefined;
  return `${objectPath('workloads', podsOf)}?tab=logs&pod=${encodeURIComponent(id)}`;
}

/** The kind and the name of an object. */
export function objectWords(id: string): string {
  const { kind, name } = partsOf(id);
  return `${kind} ${name}`;
}

function partsOf(id: string) {
  const [kind = '', , , name = ''] = id.split('~');
  return { kind, name };
}

/** The kind and the name of an object, linked to the page that shows it. */
export function ObjectLink({ id }: { id: string }) {
  const href = objectHref(id);
  return href ? (
    <Link href={href} prefetch={false}>
      {objectWords(id)}
    </Link>
  ) : (
    objectWords(id)
  );
}
