import type { Store } from '@reduxjs/toolkit';
import { type Preferences, readPreferences } from './choices';
import { preferred, type WithPreferences } from './preferences-slice';

/** The script in public/theme.js reads it, too. */
const KEY = 'binnacle.preferences';

/** What was chosen on this device before. The server keeps no preferences of a person yet. */
export function keptPreferences(): Preferences {
  try {
    return parsed(localStorage.getItem(KEY));
  } catch {
    return readPreferences(null); // Storage may be forbidden: then a choice lasts as long as the page.
  }
}

/** Keeps on this device what is chosen from now on, and takes over what is chosen in another tab. */
export function keepPreferences(store: Store<WithPreferences>) {
  let kept = store.getState().preferences;
  store.subscribe(() => {
    const { preferences } = store.getState();
    if (preferences === kept) return;
    kept = preferences;
    try {
      localStorage.setItem(KEY, JSON.stringify(preferences));
    } catch {
      // Kept in memory only.
    }
  });
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue) store.dispatch(preferred(parsed(newValue)));
  });
}

function parsed(text: string | null): Preferences {
  try {
    return readPreferences(JSON.parse(text ?? 'null'));
  } catch {
    return readPreferences(null);
  }
}
