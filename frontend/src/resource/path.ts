/** The address of one object's page. */
export function objectPath(list: string, id: string): string {
  return `/${list}/${encodeURIComponent(id)}`;
}
