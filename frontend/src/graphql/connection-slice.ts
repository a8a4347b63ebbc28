import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useSelector } from 'react-redux';

export interface ConnectionState {
  state: 'connecting' | 'live' | 'reconnecting';
  /** When the connection was last known to be up or, before the first one, was first tried, in milliseconds. */
  lostAt: number | null;
}

export const connectionSlice = createSlice({
  name: 'connection',
  initialState: { state: 'connecting', lostAt: null } as ConnectionState,
  reducers: {
    tried: (current, { payload }: PayloadAction<number>) => ({
      ...current,
      lostAt: current.state === 'connecting' ? (current.lostAt ?? payload) : current.lostAt,
    }),
    connected: () => ({ state: 'live' as const, lostAt: null }),
    lost: (current, { payload }: PayloadAction<number>) =>
      current.state === 'live' ? { state: 'reconnecting' as const, lostAt: payload } : current,
    idle: () => ({ state: 'connecting' as const, lostAt: null }),
  },
});

export const { tried, connected, lost, idle } = connectionSlice.actions;

export const useConnection = () => useSelector((state: { connection: ConnectionState }) => state.connection);
