import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { useSelector } from 'react-redux';
import type { LoginOutcomeFragment } from '@/graphql/generated/graphql';

export type Session = Omit<Extract<LoginOutcomeFragment, { __typename: 'Session' }>, '__typename'>;

export interface SessionState {
  status: 'restoring' | 'unreachable' | 'signed-out' | 'signed-in';
  session: Session | null;
  /** Whether a session of this page ended although its person did not sign out. */
  hasEnded?: boolean;
  /** Whether the person signed out in this page. */
  hasLeft?: boolean;
}

/** The access token lives here and nowhere else: never in storage, never in a URL. */
export const sessionSlice = createSlice({
  name: 'session',
  initialState: { status: 'restoring', session: null } as SessionState,
  reducers: {
    // A signed-in reader keeps the page while the server is not available.
    unreachable: (state) => (state.session ? state : { status: 'unreachable' as const, session: null }),
    signedIn: (_, { payload }: PayloadAction<Session>) => ({
      status: 'signed-in' as const,
      session: payload,
    }),
    // Whoever asks once more still reads why.
    ended: (state) =>
      state.status === 'signed-out'
        ? state
        : { status: 'signed-out' as const, session: null, hasEnded: state.session !== null },
    signedOut: () => ({ status: 'signed-out' as const, session: null, hasLeft: true }),
  },
});

export const { unreachable, signedIn, ended, signedOut } = sessionSlice.actions;

export const useSession = () => useSelector((state: { session: SessionState }) => state.session);
