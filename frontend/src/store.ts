import { combineReducers, configureStore } from '@reduxjs/toolkit';
import { useDispatch, useSelector } from 'react-redux';
import { api } from './graphql/api';
import { connectionSlice } from './graphql/connection-slice';
import { bindSocket } from './graphql/socket';
import { writtenSlice } from './graphql/written-slice';
import { sessionSlice } from './session/session-slice';

const reducer = combineReducers({
  [api.reducerPath]: api.reducer,
  [connectionSlice.name]: connectionSlice.reducer,
  [sessionSlice.name]: sessionSlice.reducer,
  [writtenSlice.name]: writtenSlice.reducer,
});

export type RootState = ReturnType<typeof reducer>;

export function createStore() {
  return configureStore({
    reducer,
    middleware: (defaults) => defaults({ serializableCheck: false }).concat(api.middleware),
  });
}

export const store = createStore();
bindSocket(store);

export const useAppDispatch = useDispatch.withTypes<typeof store.dispatch>();
export const useAppSelector = useSelector.withTypes<RootState>();
