import { type BaseQueryFn, createApi } from '@reduxjs/toolkit/query/react';
import { credentials } from './credentials';
import type { GraphqlError } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { type PostResult, post } from './post';

/** What a request needs of the store that it is sent for. */
export interface RequestContext {
  // biome-ignore lint/suspicious/noExplicitAny: the store's own types depend on this module
  dispatch: (action: any) => any;
  getState: () => unknown;
  signal?: AbortSignal;
  type?: 'query' | 'mutation';
}

/** Sends a document with the current access token; when that has expired, once more with a new one. */
export async function execute<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { dispatch, getState, signal, type }: RequestContext,
): Promise<PostResult<Data>> {
  const { accessToken, renew } = credentials();
  const options = { signal, isRead: type === 'query' };
  const answer = await post(document, variables, accessToken(getState()), options);
  if (answer.error?.code !== 'UNAUTHENTICATED') return answer;
  const renewed = await renew(dispatch);
  return renewed ? post(document, variables, renewed, options) : answer;
}

export interface Request {
  // biome-ignore lint/suspicious/noExplicitAny: each endpoint declares the types of its own document
  document: TypedDocumentString<any, any>;
  variables?: unknown;
}

const baseQuery: BaseQueryFn<Request, unknown, GraphqlError> = ({ document, variables }, context) =>
  execute(document, variables ?? {}, context);

/** The one cache. Each feature injects its endpoints beside its components. */
export const api = createApi({
  reducerPath: 'api',
  baseQuery,
  endpoints: () => ({}),
  refetchOnReconnect: true,
  // An entry without a subscriber closes its stream soon after.
  keepUnusedDataFor: 10,
});
