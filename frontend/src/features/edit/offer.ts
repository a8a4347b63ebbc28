/** What the server says of an action. */
interface Available {
  action: string;
  /** Whether its kind can do it at all. */
  supported?: boolean;
  allowed: boolean;
  reason: { text: string } | null;
}

/** Whether an object can be edited or restored, and why it cannot be now. Null where that means nothing for it. */
export function offerOf(
  wanted: 'EDIT' | 'RESTORE',
  actions: readonly Available[],
): { refusal: string | null } | null {
  const found = actions.find(({ action, supported }) => action === wanted && supported !== false);
  return found ? { refusal: found.allowed ? null : (found.reason?.text ?? '') } : null;
}

/** The page on which an object is edited. */
export const editHref = (id: string) => `/edit?${new URLSearchParams({ id })}`;
