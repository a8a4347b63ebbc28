import { combineReducers, configureStore } from '@reduxjs/toolkit';
import { api } from './graphql/api';
import { connectionSlice } from './graphql/connection-slice';
import { bindCredentials } from './graphql/credentials';
import { bindSocket } from './graphql/socket';
import { writtenSlice } from './graphql/written-slice';
import { accessTokenOf, renewSession } from './session/renew';
import { sessionSlice } from './session/session-slice';

const reducer = combineReducers({
  [api.reducerPath]: api.reducer,
  [connectionSlice.name]: connectionSlice.reducer,
  [sessionSlice.name]: sessionSlice.reducer,
  [writtenSlice.name]: writtenSlice.reducer,
});

bindCredentials({ accessToken: accessTokenOf, renew: renewSession });

export function createStore() {
  return configureStore({
    reducer,
    middleware: (defaults) => defaults({ serializableCheck: false }).concat(api.middleware),
  });
}

export const store = createStore();
bindSocket(store);
