/** What stands before the fields that people know, and in between. */
const BEFORE = /^(spec\.template\.spec|spec\.jobTemplate\.spec\.template\.spec|spec|metadata)\./;
const BETWEEN = /\.resources(?=\.(limits|requests)\b)/;

/** A JSON pointer into a manifest as people call the field: containers[0].limits.memory. */
export function fieldName(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = parts.reduce(
    (name, part) => (/^\d+$/.test(part) && name ? `${name}[${part}]` : name ? `${name}.${part}` : part),
    '',
  );
  return path.replace(BEFORE, '').replace(BETWEEN, '') || pointer;
}
