import { useState } from 'react';

const NONE: string[] = [];

/** The ids of selected rows. They belong to one list and page: another one begins without any. */
export function useSelection(of: string) {
  const [selection, setSelection] = useState({ of, ids: NONE });
  return {
    selected: selection.of === of ? selection.ids : NONE,
    select: (ids: string[]) => setSelection({ of, ids }),
  };
}
