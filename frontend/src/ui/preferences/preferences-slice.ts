import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useDispatch, useSelector } from 'react-redux';
import { type Choice, type Preferences, readPreferences } from './choices';

/** How a person wants the pages to be. `storage.ts` keeps it. */
export const preferencesSlice = createSlice({
  name: 'preferences',
  initialState: readPreferences(null),
  reducers: {
    preferred: (state, { payload }: PayloadAction<Partial<Preferences>>) => ({ ...state, ...payload }),
  },
});

export const { preferred } = preferencesSlice.actions;

export interface WithPreferences {
  preferences: Preferences;
}

export function usePreference<Name extends Choice>(name: Name): Preferences[Name] {
  return useSelector(({ preferences }: WithPreferences) => preferences[name]);
}

export function usePrefer(): (change: Partial<Preferences>) => void {
  const dispatch = useDispatch();
  return (change) => void dispatch(preferred(change));
}
