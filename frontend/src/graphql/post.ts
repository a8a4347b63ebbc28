import { type GraphqlError, toResult } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { acceptedLanguage } from './reader';

/** A server that is there answers sooner; one that is not must not be waited for without end. */
const PATIENCE_MS = 30_000;

export type PostResult<Data> = { data: Data; error?: undefined } | { data?: undefined; error: GraphqlError };

/** One GraphQL request over HTTP. A missing or broken answer is UNAVAILABLE, so that the caller may retry. */
export async function post<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  accessToken: string | null,
  signal?: AbortSignal,
): Promise<PostResult<Data>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-language': acceptedLanguage(),
  };
  if (accessToken) headers.authorization = `Bearer ${accessToken}`;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: anyOf(signal, AbortSignal.timeout(PATIENCE_MS)),
    });
    const text = await response.text();
    const answer = parse<Data>(text);
    if (answer) return toResult(answer) as PostResult<Data>;
    if (response.status === 401) return { error: { code: 'UNAUTHENTICATED', message: text } };
    return { error: { code: 'UNAVAILABLE', message: `HTTP ${response.status}` } };
  } catch (cause) {
    return {
      error: { code: 'UNAVAILABLE', message: cause instanceof Error ? cause.message : String(cause) },
    };
  }
}

function anyOf(given: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return given && 'any' in AbortSignal ? AbortSignal.any([given, own]) : own;
}

function parse<Data>(text: string): { data?: Data } | null {
  try {
    const value: unknown = JSON.parse(text);
    const isAnswer = typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
    return isAnswer ? (value as { data?: Data }) : null;
  } catch {
    return null;
  }
}
