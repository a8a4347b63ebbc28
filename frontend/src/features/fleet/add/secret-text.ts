import type { DraftField } from './draft';

/** Of a field that holds a secret: nothing of the browser keeps it, or sends it to be checked for its spelling. */
export const secretText = (id: DraftField, error: string | null) => ({
  id,
  autoComplete: 'off',
  autoCorrect: 'off',
  autoCapitalize: 'off',
  spellCheck: false,
  ...faultOf(id, error),
});

/** What a control says of its fault to a screen reader. */
export const faultOf = (id: DraftField, error: string | null) => ({
  status: error ? ('error' as const) : undefined,
  'aria-invalid': Boolean(error),
  'aria-describedby': `${id}-notes`,
  'data-testid': `field-${id}`,
});
