import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useEffect } from 'react';
import { useDispatch, useSelector } from 'react-redux';
import type { OnDevice } from '@/ui/hooks/on-device';
import { personChanged } from '@/ui/preferences/preferences-slice';

/** An object whose page was open. */
export interface Recent {
  /** The first part of its address. */
  path: string;
  id: string;
  name: string;
  /** What it is and where. */
  place: string;
}

const MOST = 8;

/** The objects that were open last, the newest first. They are forgotten with the session of the person. */
export const recentSlice = createSlice({
  name: 'recent',
  initialState: [] as readonly Recent[],
  reducers: {
    opened: (state, { payload }: PayloadAction<Recent>) =>
      [payload, ...state.filter(({ id }) => id !== payload.id)].slice(0, MOST),
    gone: (state, { payload }: PayloadAction<string>) =>
      state.some(({ id }) => id === payload) ? state.filter(({ id }) => id !== payload) : state,
    taken: (_, { payload }: PayloadAction<readonly Recent[]>) => payload,
  },
  extraReducers: (build) => build.addCase(personChanged, () => []),
});

const { opened, gone, taken } = recentSlice.actions;

interface WithRecent {
  recent: readonly Recent[];
}

export const useRecent = () => useSelector(({ recent }: WithRecent) => recent);

export const keptRecent: OnDevice<WithRecent, readonly Recent[]> = {
  key: 'binnacle.recent',
  of: ({ recent }) => recent,
  read: (given) => (Array.isArray(given) ? given.filter(isRecent).slice(0, MOST) : []),
  take: taken,
};

function isRecent(given: Partial<Record<keyof Recent, unknown>> | null): given is Recent {
  const texts = [given?.path, given?.id, given?.name, given?.place];
  return texts.every((text) => typeof text === 'string') && /^[a-z]+$/.test(String(given?.path));
}

/** Remembers the object of this page as long as it exists. Null while that is not known. */
export function useRemember(id: string, object: Omit<Recent, 'id'> | null, isGone: boolean) {
  const dispatch = useDispatch();
  const { path, name, place } = object ?? {};
  useEffect(() => {
    if (isGone) dispatch(gone(id));
    else if (path && name && place) dispatch(opened({ path, id, name, place }));
  }, [dispatch, id, path, name, place, isGone]);
}
