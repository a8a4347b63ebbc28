import { type Client, createClient } from 'graphql-ws';
import { api } from './api';
import { connected, idle, lost, tried } from './connection-slice';
import { credentials } from './credentials';
import { acceptedLanguage, setAcceptedLanguage } from './reader';

interface StoreHandle {
  // biome-ignore lint/suspicious/noExplicitAny: the store's own types depend on this module
  dispatch: (action: any) => any;
  getState: () => unknown;
}

const HEARTBEAT_MS = 10_000;
const PONG_LIMIT_MS = 5_000;
const BACKOFF_LIMIT_MS = 5_000;

let store: StoreHandle | null = null;
let client: Client | null = null;

export function bindSocket(handle: StoreHandle) {
  store = handle;
}

export function closeSocket() {
  const closing = client;
  client = null;
  store?.dispatch(idle());
  // A socket that is still opening may be refused meanwhile; then there is nothing to close.
  void Promise.resolve(closing?.dispose()).catch(() => {});
}

/** The server says everything in this language from now on: what is on the screen is read again over a new connection. */
export function readIn(language: string) {
  if (language === acceptedLanguage()) return;
  setAcceptedLanguage(language);
  client?.terminate();
}

/** The one socket of this tab. It opens with the first subscription and resumes all of them after a loss. */
export function socket(): Client {
  client ??= open();
  return client;
}

export function backoff(attempt: number): Promise<void> {
  const ceiling = Math.min(BACKOFF_LIMIT_MS, 250 * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, ceiling / 2 + (Math.random() * ceiling) / 2));
}

function open(): Client {
  const handle = store;
  if (!handle) throw new Error('bindSocket comes first');
  const url = `${window.location.origin.replace(/^http/, 'ws')}/graphql/ws`;
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  let rejected = false;
  let used: string | null = null;
  const created = createClient({
    url,
    connectionParams: async () => {
      const { accessToken, renew } = credentials();
      const current = accessToken(handle.getState());
      // The token may have been renewed since the socket was closed for the previous one.
      used = rejected && current === used ? await renew(handle.dispatch) : current;
      rejected = false;
      return { authorization: `Bearer ${used ?? ''}`, acceptLanguage: acceptedLanguage() };
    },
    keepAlive: HEARTBEAT_MS,
    lazyCloseTimeout: 2_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: backoff,
    on: {
      connecting: () => {
        if (client === created) handle.dispatch(tried(Date.now()));
      },
      connected: (_socket, _payload, wasLost) => {
        if (client !== created) return;
        handle.dispatch(connected());
        // Requests that failed while the connection was down are repeated now.
        if (wasLost) handle.dispatch(api.internalActions.onOnline());
      },
      closed: (event) => {
        clearTimeout(pongDue);
        const code = (event as CloseEvent).code;
        rejected ||= code === 4401 || code === 4403;
        if (client === created) handle.dispatch(lost(Date.now()));
      },
      // A broken connection may stay open for minutes: a ping without a pong closes it.
      ping: (received) => {
        if (!received) pongDue = setTimeout(() => created.terminate(), PONG_LIMIT_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue);
      },
    },
  });
  return created;
}
