import { combineReducers, configureStore } from '@reduxjs/toolkit';
import { setupListeners } from '@reduxjs/toolkit/query';
import { api } from './graphql/api';
import { connectionSlice } from './graphql/connection-slice';
import { bindCredentials } from './graphql/credentials';
import { bindSocket } from './graphql/socket';
import { writtenSlice } from './graphql/written-slice';
import { keptRecent, recentSlice } from './resource/recent-slice';
import { followPerson } from './session/follow-person';
import { accessTokenOf, renewSession } from './session/renew';
import { sessionSlice } from './session/session-slice';
import { syncPreferences } from './session/sync-preferences';
import { keep, kept } from './ui/hooks/on-device';
import { preferencesSlice } from './ui/preferences/preferences-slice';
import { keptPreferences } from './ui/preferences/storage';

const reducer = combineReducers({
  [api.reducerPath]: api.reducer,
  [connectionSlice.name]: connectionSlice.reducer,
  [preferencesSlice.name]: preferencesSlice.reducer,
  [recentSlice.name]: recentSlice.reducer,
  [sessionSlice.name]: sessionSlice.reducer,
  [writtenSlice.name]: writtenSlice.reducer,
});

bindCredentials({ accessToken: accessTokenOf, renew: renewSession });

export function createStore(preloadedState?: Partial<ReturnType<typeof reducer>>) {
  return configureStore({
    reducer,
    preloadedState,
    middleware: (defaults) => defaults({ serializableCheck: false }).concat(api.middleware),
  });
}

export const store = createStore({ preferences: kept(keptPreferences), recent: kept(keptRecent) });
bindSocket(store);
if (typeof window !== 'undefined') {
  // What is polled rests while nobody looks.
  setupListeners(store.dispatch);
  keep(store, keptPreferences);
  keep(store, keptRecent);
  followPerson(store);
  syncPreferences(store);
}
