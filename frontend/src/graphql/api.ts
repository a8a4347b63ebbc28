import { type BaseQueryFn, createApi } from '@reduxjs/toolkit/query/react';
import { accessTokenOf, renewSession } from '@/session/renew';
import type { GraphqlError } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { type PostResult, post } from './post';

export interface Asking {
  // biome-ignore lint/suspicious/noExplicitAny: the store's own types depend on this module
  dispatch: (action: any) => any;
  getState: () => unknown;
  signal?: AbortSignal;
}

/** Asks with the current access token; when that has run out, once more with a new one. */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { dispatch, getState, signal }: Asking,
): Promise<PostResult<Data>> {
  const answer = await post(document, variables, accessTokenOf(getState()), signal);
  if (answer.error?.code !== 'UNAUTHENTICATED') return answer;
  const accessToken = await renewSession(dispatch);
  return accessToken ? post(document, variables, accessToken, signal) : answer;
}

export interface Request {
  // biome-ignore lint/suspicious/noExplicitAny: each endpoint declares the types of its own document
  document: TypedDocumentString<any, any>;
  variables?: unknown;
}

const baseQuery: BaseQueryFn<Request, unknown, GraphqlError> = ({ document, variables }, asking) =>
  ask(document, variables ?? {}, asking);

/** The one cache. Each noun injects its endpoints beside its components. */
export const api = createApi({
  reducerPath: 'api',
  baseQuery,
  endpoints: () => ({}),
  refetchOnReconnect: true,
  // An entry nobody looks at closes its stream soon after.
  keepUnusedDataFor: 10,
});
