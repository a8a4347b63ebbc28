import type { Store } from '@reduxjs/toolkit';
import { api } from '@/graphql/api';
import { closeSocket } from '@/graphql/socket';
import { forgetPerson } from '@/ui/hooks/on-device';
import { personChanged, type WithPreferences } from '@/ui/preferences/preferences-slice';
import type { SessionState } from './session-slice';

interface State extends WithPreferences {
  session: SessionState;
}

/** Forgets a person as soon as their session is over, or is that of another: the next one finds nothing of theirs. */
export function followPerson(store: Store<State>) {
  store.subscribe(() => {
    const { session, preferences } = store.getState();
    if (session.status !== 'signed-in' && session.status !== 'signed-out') return;
    const person = session.session?.viewer.id ?? null;
    const before = preferences.of;
    if (person === before) return;
    if (before !== null) forgetPerson();
    store.dispatch(personChanged(person));
    // The pages are still there, for the other person. Where there is none, they go first: see `useKeepSession`.
    if (before !== null && person !== null) {
      store.dispatch(api.util.resetApiState());
      closeSocket();
    }
  });
}
