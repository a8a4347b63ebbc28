import type { FieldChange } from '@/ui/evidence/field-changes';

const ANNOTATIONS = '/metadata/annotations';

/** What controllers of Kubernetes write down for themselves: nobody requested it, and nothing follows from it. */
const BOOKKEEPING = [
  /^deployment\.kubernetes\.io\//,
  /^deprecated\.daemonset\.template\.generation$/,
  /^batch\.kubernetes\.io\/(job-tracking|cronjob-scheduled-timestamp)$/,
];

const isBookkept = (annotation: string) => BOOKKEEPING.some((known) => known.test(annotation));

/** The annotations that a change is about; null where it is about something else. */
function annotationsOf({ path, before, after }: FieldChange): string[] | null {
  if (path === ANNOTATIONS) return [before, after].flatMap((all) => Object.keys(all ?? {}));
  if (!path.startsWith(`${ANNOTATIONS}/`)) return null;
  return [
    path
      .slice(ANNOTATIONS.length + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~'),
  ];
}

/** Whether a change holds nothing but such notes. The first record of an object has no changes, and is news. */
export function isOnlyBookkeeping(changes: readonly FieldChange[]): boolean {
  return changes.length > 0 && changes.every((change) => annotationsOf(change)?.every(isBookkept) ?? false);
}
