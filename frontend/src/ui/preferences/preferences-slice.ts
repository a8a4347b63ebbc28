import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useMemo } from 'react';
import { useDispatch, useSelector } from 'react-redux';
import { type Choice, type Preferences, readChoice } from './choices';

/** Values by key, as the server keeps them for a person. Whoever uses one reads it with care. */
export type Values = Readonly<Record<string, unknown>>;

/** What a person has to know of the way to the server. */
export type Trouble =
  /** The server's copy is not here yet. */
  | { kind: 'unread' }
  /** A change holds here only, and is sent again. */
  | { kind: 'unsent' }
  /** The server does not keep a change. */
  | { kind: 'refused'; message: string };

export interface PreferencesState {
  /** Whose they are; null before a person has signed in. */
  of: string | null;
  /** Whether the server's copy has been read into this one. */
  isRead: boolean;
  values: Values;
  /** Keys whose value the server does not have yet. */
  unsent: readonly string[];
  trouble: Trouble | null;
  /** Whether the pages are shown although the server's copy is not here. */
  isLate: boolean;
}

const nobody: PreferencesState = {
  of: null,
  isRead: false,
  values: {},
  unsent: [],
  trouble: null,
  isLate: false,
};

function withChanges(values: Values, changes: Values): Values {
  return Object.fromEntries(Object.entries({ ...values, ...changes }).filter(([, value]) => value != null));
}

/** The value may be the copy that another tab kept. */
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const unlessRefused = (trouble: Trouble | null) => (trouble?.kind === 'refused' ? trouble : null);

/** What a person set for themselves. `storage.ts` keeps it on this device, the session on the server. */
export const preferencesSlice = createSlice({
  name: 'preferences',
  initialState: nobody,
  reducers: {
    /** A value of null removes the key. */
    preferred: (state, { payload }: PayloadAction<Values>) => ({
      ...state,
      values: withChanges(state.values, payload),
      unsent: state.of === null ? [] : [...new Set([...state.unsent, ...Object.keys(payload)])],
    }),
    /** What was chosen before the sign-in stays until the server's copy is here; that of another person does not. */
    personChanged: (state, { payload }: PayloadAction<string | null>) => ({
      ...nobody,
      of: payload,
      ...(payload !== null && state.of === null && { values: state.values }),
    }),
    /** The server's copy holds, except for what was changed since, and for what it has no value of at the first sign-in. */
    arrived: (state, { payload }: PayloadAction<Values>) => {
      const own = state.isRead
        ? state.unsent
        : [...new Set([...state.unsent, ...Object.keys(state.values).filter((key) => !(key in payload))])];
      const changes = Object.fromEntries(own.map((key) => [key, state.values[key]]));
      return {
        ...state,
        isRead: true,
        values: withChanges(payload, changes),
        unsent: own,
        trouble: state.trouble?.kind === 'unread' ? null : state.trouble,
      };
    },
    /** The server has this value now; the person may have changed it again meanwhile. */
    sent: (state, { payload: { key, value } }: PayloadAction<{ key: string; value: unknown }>) => {
      const unsent = state.unsent.filter((other) => other !== key || !isSame(state.values[key], value));
      return { ...state, unsent, trouble: unsent.length > 0 ? state.trouble : unlessRefused(state.trouble) };
    },
    refused: (state, { payload: { key, message } }: PayloadAction<{ key: string; message: string }>) => ({
      ...state,
      unsent: state.unsent.filter((other) => other !== key),
      trouble: { kind: 'refused' as const, message },
    }),
    /** Without trouble the server is asked again at once. */
    troubled: (state, { payload }: PayloadAction<Trouble | null>) => ({
      ...state,
      trouble: payload,
      isLate: state.isLate || payload !== null,
    }),
    /** Another tab may have another person by now. */
    takenOver: (state, { payload }: PayloadAction<PreferencesState>) =>
      payload.of === state.of ? { ...payload, trouble: state.trouble, isLate: state.isLate } : state,
  },
});

export const { preferred, personChanged, arrived, sent, refused, troubled, takenOver } =
  preferencesSlice.actions;

export interface WithPreferences {
  preferences: PreferencesState;
}

/** Preferences from elsewhere. They may be from another version, or written by hand: what is not known is left out. */
export function readPreferences(given: unknown): PreferencesState {
  const { of, isRead, values, unsent } = (given ?? {}) as Partial<Record<keyof PreferencesState, unknown>>;
  if (values === null || typeof values !== 'object' || Array.isArray(values)) return nobody;
  return {
    of: typeof of === 'string' ? of : null,
    isRead: isRead === true,
    values: values as Values,
    unsent: Array.isArray(unsent) ? unsent.filter((key) => typeof key === 'string') : [],
    trouble: null,
    isLate: false,
  };
}

export function choiceOf<Name extends Choice>(
  { preferences }: WithPreferences,
  name: Name,
): Preferences[Name] {
  return readChoice(name, preferences.values[name]);
}

export function usePreference<Name extends Choice>(name: Name): Preferences[Name] {
  return useSelector((state: WithPreferences) => choiceOf(state, name));
}

/** The value of any key, as it came. */
export function usePreferred(key: string): unknown {
  return useSelector(({ preferences }: WithPreferences) => preferences.values[key]);
}

/** The values of all keys that begin so, by what follows. */
export function usePreferredUnder(prefix: string): Values {
  const values = useSelector(({ preferences }: WithPreferences) => preferences.values);
  return useMemo(() => {
    const entries = Object.entries(values).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
  }, [values, prefix]);
}

export function usePrefer(): (changes: Partial<Preferences> | Values) => void {
  const dispatch = useDispatch();
  return (changes) => void dispatch(preferred(changes as Values));
}
