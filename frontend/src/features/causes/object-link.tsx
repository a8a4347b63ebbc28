import Link from 'next/link';
import { NO_NAMESPACE } from '@/resource/path';
import { isWorkload, kindWord, objectHref, objectWords, partsOf } from './place';

interface ObjectLinkProps {
  id: string;
  /** Whether it is told from others by its namespace, not its kind. */
  isPlaced?: boolean;
  /** Whether it is the subject of an event of the log. */
  isRecorded?: boolean;
}

/** The kind and the name of an object, or where it is, linked to the page that shows it. */
export function ObjectLink({ id, isPlaced, isRecorded }: ObjectLinkProps) {
  const href = objectHref(id, isRecorded);
  const { kind, namespace, name } = partsOf(id);
  // What is called like a workload has to say what it is.
  const word = isWorkload(kind) || kind === 'Pod' ? '' : `${kindWord(kind)} `;
  const words = isPlaced && namespace !== NO_NAMESPACE ? `${word}${namespace}/${name}` : objectWords(id);
  return href ? (
    <Link href={href} prefetch={false} title={objectWords(id)}>
      {words}
    </Link>
  ) : (
    words
  );
}
