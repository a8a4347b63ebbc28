import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { laterOf } from './position';

/** The newest position a mutation of this tab was answered with: every later read waits for it. */
export const writtenSlice = createSlice({
  name: 'written',
  initialState: { position: null } as { position: string | null },
  reducers: {
    written: (state, { payload }: PayloadAction<string>) => {
      state.position = state.position ? laterOf(payload, state.position) : payload;
    },
  },
});

export const { written } = writtenSlice.actions;

export function writtenPosition(state: unknown): string | null {
  return (state as { written: { position: string | null } }).written.position;
}
