import { createSlice, type PayloadAction } from '@reduxjs/toolkit';

export interface ConnectionState {
  state: 'connecting' | 'live' | 'reconnecting';
  /** When the stream was last known to be whole, in milliseconds; null before the first connection. */
  lostAt: number | null;
}

export const connectionSlice = createSlice({
  name: 'connection',
  initialState: { state: 'connecting', lostAt: null } as ConnectionState,
  reducers: {
    connected: () => ({ state: 'live' as const, lostAt: null }),
    lost: (current, { payload }: PayloadAction<number>) =>
      current.state === 'live' ? { state: 'reconnecting' as const, lostAt: payload } : current,
    idle: () => ({ state: 'connecting' as const, lostAt: null }),
  },
});

export const { connected, lost, idle } = connectionSlice.actions;
