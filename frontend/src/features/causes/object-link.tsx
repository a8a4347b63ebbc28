import Link from 'next/link';
import { NO_NAMESPACE } from '@/resource/path';
import { objectHref, objectWords, partsOf } from './place';

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
  const { namespace, name } = partsOf(id);
  const words = isPlaced && namespace !== NO_NAMESPACE ? `${namespace}/${name}` : objectWords(id);
  return href ? (
    <Link href={href} prefetch={false} title={objectWords(id)}>
      {words}
    </Link>
  ) : (
    words
  );
}
