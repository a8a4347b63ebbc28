import { useEffect } from 'react';
import { useDispatch } from 'react-redux';
import { api } from '@/graphql/api';
import { closeSocket } from '@/graphql/socket';
import { renewSession } from './renew';
import { useSession } from './session-slice';

const RETRY_MS = 10_000;

/** Renews the session after four fifths of the token's life, and retries when the server is not available. */
export function useKeepSession() {
  const dispatch = useDispatch();
  const { status, session } = useSession();
  const expiresAt = session?.expiresAt;

  useEffect(() => {
    if (status === 'restoring') void renewSession(dispatch);
    if (status === 'signed-out') {
      // The next session must not find data of this one.
      dispatch(api.util.resetApiState());
      closeSocket();
    }
  }, [status, dispatch]);

  useEffect(() => {
    if (!expiresAt) return;
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const renew = async () => {
      const token = await renewSession(dispatch);
      if (!token && !isOver) timer = setTimeout(renew, RETRY_MS);
    };
    timer = setTimeout(renew, Math.max(1_000, (Date.parse(expiresAt) - Date.now()) * 0.8));
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [expiresAt, dispatch]);
}
