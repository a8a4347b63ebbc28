import type { OnDevice } from '../hooks/on-device';
import { type PreferencesState, readPreferences, takenOver, type WithPreferences } from './preferences-slice';

/** The copy on this device: the first paint waits for no request. */
export const keptPreferences: OnDevice<WithPreferences, PreferencesState> = {
  // The script in public/theme.js reads it, too.
  key: 'binnacle.preferences',
  of: ({ preferences }) => preferences,
  read: readPreferences,
  take: takenOver,
};
