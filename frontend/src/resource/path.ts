/** Stands in the place of the namespace in the id of an object that has none. */
export const NO_NAMESPACE = '_';

/** The address of one object's page. */
export function objectPath(list: string, id: string): string {
  return `/${list}/${encodeURIComponent(id)}`;
}

/** The id of the object whose page it is; empty on other pages, and where somebody wrote an address that is none. */
export function idOfPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname.split('/')[2] ?? '');
  } catch {
    return '';
  }
}
