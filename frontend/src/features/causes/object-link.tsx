import Link from 'next/link';
import { objectHref, objectWords } from './place';

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
