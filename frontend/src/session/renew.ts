import type { Dispatch } from '@reduxjs/toolkit';
import { RefreshSessionDocument } from '@/graphql/generated/graphql';
import { post } from '@/graphql/post';
import { oneTabAtATime } from './one-tab';
import { ended, type SessionState, signedIn, unreachable } from './session-slice';

export function accessTokenOf(state: unknown): string | null {
  return (state as { session: SessionState }).session.session?.accessToken ?? null;
}

let running: Promise<string | null> | null = null;

/** A new access token by the refresh cookie; null when there is none to be had. Callers at once share one request. */
export function renewSession(dispatch: Dispatch): Promise<string | null> {
  // The refresh token rotates: two tabs that spend the same one at once would look like a theft.
  running ??= oneTabAtATime('binnacle-session', () => renew(dispatch)).finally(() => {
    running = null;
  });
  return running;
}

async function renew(dispatch: Dispatch): Promise<string | null> {
  const { data, error } = await post(RefreshSessionDocument, {}, null);
  if (error && error.code !== 'UNAUTHENTICATED') {
    dispatch(unreachable());
    return null;
  }
  if (data?.refreshSession.__typename === 'Session') {
    const { accessToken, expiresAt, viewer } = data.refreshSession;
    dispatch(signedIn({ accessToken, expiresAt, viewer }));
    return accessToken;
  }
  dispatch(ended());
  return null;
}
