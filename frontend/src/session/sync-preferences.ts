import type { Store } from '@reduxjs/toolkit';
import { useSelector } from 'react-redux';
import { execute } from '@/graphql/api';
import type { GraphqlError } from '@/graphql/error';
import { PreferencesDocument, SetPreferenceDocument } from '@/graphql/generated/graphql';
import { arrived, refused, sent, troubled, type WithPreferences } from '@/ui/preferences/preferences-slice';
import { oneTabAtATime } from './one-tab';
import type { SessionState } from './session-slice';

/** So long the first page waits for the person's language and theme. */
const PATIENCE_MS = 2_000;
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** A page that is looked at again reads what was changed elsewhere. */
const OLD_MS = 60_000;

interface State extends WithPreferences {
  session: SessionState;
}

/** Reads the preferences of whoever signs in, and sends each change. What fails is tried again, until the page is left. */
export function syncPreferences(store: Store<State>) {
  let isRunning = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let read = { of: null as string | null, at: 0 };

  const readAll = async (of: string): Promise<GraphqlError | undefined> => {
    const isNew = !store.getState().preferences.isRead;
    const wait = isNew && setTimeout(() => store.dispatch(troubled({ kind: 'unread' })), PATIENCE_MS);
    const { data, error } = await execute(PreferencesDocument, {}, store);
    if (wait) clearTimeout(wait);
    if (data && store.getState().preferences.of === of) {
      read = { of, at: Date.now() };
      store.dispatch(arrived(Object.fromEntries(data.preferences.map(({ key, value }) => [key, value]))));
    }
    return error;
  };

  const send = (of: string, key: string) =>
    oneTabAtATime('binnacle-preferences', async (): Promise<GraphqlError | undefined> => {
      const { preferences } = store.getState();
      // Another tab may have sent it meanwhile.
      if (preferences.of !== of || !preferences.unsent.includes(key)) return;
      const value = preferences.values[key];
      const input = { key, value: value ?? null };
      const { error } = await execute(SetPreferenceDocument, { input }, store);
      if (!error && store.getState().preferences.of === of) store.dispatch(sent({ key, value }));
      return error;
    });

  /** One request; whether there may be more to do. */
  const step = async (): Promise<boolean> => {
    const { session, preferences } = store.getState();
    const { of } = preferences;
    const [key] = preferences.unsent;
    if (of === null || session.session?.viewer.id !== of) return false;
    // Whoever signs out and in again has none here.
    const isRead = preferences.isRead && read.of === of;
    if (isRead && key === undefined) return false;
    const error = isRead && key !== undefined ? await send(of, key) : await readAll(of);
    if (store.getState().preferences.of !== of) return true;
    if (!error) {
      failures = 0;
      return true;
    }
    if (error.code === 'UNAUTHENTICATED') return false;
    if (error.code === 'BAD_INPUT' && isRead && key !== undefined) {
      store.dispatch(refused({ key, message: error.message }));
      return true;
    }
    if (key !== undefined || !preferences.isRead)
      store.dispatch(troubled({ kind: key === undefined ? 'unread' : 'unsent' }));
    timer = setTimeout(run, Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** failures));
    failures += 1;
    return false;
  };

  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    const session = () => store.getState().session.session;
    try {
      let before = session();
      while ((await step()) || session() !== before) before = session();
    } finally {
      isRunning = false;
    }
  };

  const watched = () => {
    const { session, preferences } = store.getState();
    return [session.session?.viewer.id, preferences.of, preferences.unsent, preferences.trouble === null];
  };
  let last = watched();
  store.subscribe(() => {
    const next = watched();
    if (next.every((value, index) => value === last[index])) return;
    last = next;
    void run();
  });
  addEventListener('online', () => void run());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - read.at < OLD_MS) return;
    read = { of: null, at: 0 };
    void run();
  });
}

/** Whether the preferences of the signed-in person are here, or are not to be waited for. */
export function useHasPreferences(): boolean {
  return useSelector(
    ({ session, preferences: { of, isRead, isLate } }: State) =>
      of !== null && session.session?.viewer.id === of && (isRead || isLate),
  );
}
