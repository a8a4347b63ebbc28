import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useSelector } from 'react-redux';

export interface ConnectionState {
  state: 'connecting' | 'live' | 'reconnecting';
  /** When the connection was last known to be up, in milliseconds; null before the first one. */
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

export const useConnection = () => useSelector((state: { connection: ConnectionState }) => state.connection);
