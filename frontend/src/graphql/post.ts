import { type GraphqlError, toResult } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { acceptedLanguage } from './reader';

/** A server that is there answers sooner; one that is not must not be waited for without end. */
const PATIENCE_MS = 30_000;

/** Ends what is still waited for when that is asked again. */
let waiting = new AbortController();

/** Gives up what was only read and is not answered yet, and asks it again: its way may be the one that is broken. */
export function askAgain() {
  const given = waiting;
  waiting = new AbortController();
  given.abort();
}

export type PostResult<Data> = { data: Data; error?: undefined } | { data?: undefined; error: GraphqlError };

export interface PostOptions {
  signal?: AbortSignal;
  /** Whether nothing is done by it, so that it may be asked again. */
  isRead?: boolean;
}

/**
 * One GraphQL request over HTTP. A broken answer is UNAVAILABLE and one that does not come is NO_ANSWER, so that the
 * caller may retry.
 */
export async function post<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  accessToken: string | null,
  options: PostOptions = {},
): Promise<PostResult<Data>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-language': acceptedLanguage(),
  };
  if (accessToken) headers.authorization = `Bearer ${accessToken}`;
  const { signal, isRead } = options;
  const again = waiting.signal;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: anyOf(AbortSignal.timeout(PATIENCE_MS), signal, isRead ? again : undefined),
    });
    const text = await response.text();
    const answer = parse<Data>(text);
    if (answer) return toResult(answer) as PostResult<Data>;
    if (response.status === 401) return { error: { code: 'UNAUTHENTICATED', message: text } };
    return { error: { code: 'UNAVAILABLE', message: `HTTP ${response.status}` } };
  } catch (cause) {
    if (isRead && again.aborted && !signal?.aborted) return post(document, variables, accessToken, options);
    const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
    // Of a network that fails the browser says only that, in its own language.
    const message = cause instanceof Error && !(cause instanceof TypeError) ? cause.message : '';
    return { error: { code: isLate ? 'NO_ANSWER' : 'UNAVAILABLE', message } };
  }
}

function anyOf(own: AbortSignal, ...others: (AbortSignal | undefined)[]): AbortSignal {
  return 'any' in AbortSignal ? AbortSignal.any([own, ...others.flatMap((one) => one ?? [])]) : own;
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
