import { combineReducers, configureStore } from '@reduxjs/toolkit';
import { api } from './graphql/api';
import { connectionSlice } from './graphql/connection-slice';
import { bindCredentials } from './graphql/credentials';
import { bindSocket } from './graphql/socket';
import { writtenSlice } from './graphql/written-slice';
import { accessTokenOf, renewSession } from './session/renew';
import { sessionSlice } from './session/session-slice';
import type { Preferences } from './ui/preferences/choices';
import { preferencesSlice } from './ui/preferences/preferences-slice';
import { keepPreferences, keptPreferences } from './ui/preferences/storage';

const reducer = combineReducers({
  [api.reducerPath]: api.reducer,
  [connectionSlice.name]: connectionSlice.reducer,
  [preferencesSlice.name]: preferencesSlice.reducer,
  [sessionSlice.name]: sessionSlice.reducer,
  [writtenSlice.name]: writtenSlice.reducer,
});

bindCredentials({ accessToken: accessTokenOf, renew: renewSession });

export function createStore(preferences?: Preferences) {
  return configureStore({
    reducer,
    preloadedState: preferences && { preferences },
    middleware: (defaults) => defaults({ serializableCheck: false }).concat(api.middleware),
  });
}

export const store = createStore(keptPreferences());
bindSocket(store);
if (typeof window !== 'undefined') keepPreferences(store);
