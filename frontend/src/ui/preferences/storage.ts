import type { OnDevice } from '../hooks/on-device';
import { type Preferences, readPreferences } from './choices';
import { preferred, type WithPreferences } from './preferences-slice';

/** Where preferences are kept: on this device. The server keeps none of a person yet. */
export const keptPreferences: OnDevice<WithPreferences, Preferences> = {
  // The script in public/theme.js reads it, too.
  key: 'binnacle.preferences',
  of: ({ preferences }) => preferences,
  read: readPreferences,
  take: preferred,
};
