import type { GraphqlError } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { backoff, socket } from './socket';

export interface StreamOptions<Data, Variables> {
  document: TypedDocumentString<Data, Variables>;
  /** Asked again at each new connection, so that a stream resumes where it was lost. */
  variables: () => Variables;
  next: (data: Data) => void;
  /** A refusal by the server, before the stream is asked for again. */
  failed?: (error: GraphqlError) => void | Promise<void>;
  /** The server said that this stream is over. Without it, the stream is asked for again. */
  ended?: () => void;
}

/** Follows a subscription until told to stop, through losses of the socket and through refusals. */
export function stream<Data, Variables>(options: StreamOptions<Data, Variables>): () => void {
  let stopped = false;
  let stopCurrent = () => {};
  let attempt = 0;

  const start = () => {
    if (stopped) return;
    // This asking; once it is over, nothing it still says counts.
    let over = false;
    const again = async (error?: GraphqlError) => {
      if (over || stopped) return;
      over = true;
      if (error) await options.failed?.(error);
      await backoff(attempt++);
      start();
    };
    stopCurrent = socket().subscribe<Data>(
      {
        query: options.document.toString(),
        // The client sends this object anew after each reconnection; the getter then gives the newest position.
        get variables() {
          return options.variables() as Record<string, unknown>;
        },
      },
      {
        next: ({ data, errors }) => {
          if (over || stopped) return;
          // With an error, the data beside it may lack any part: nothing of it is used.
          if (errors || !data) {
            void again(toError(errors));
            stopCurrent();
          } else {
            attempt = 0;
            options.next(data);
          }
        },
        error: (cause) => {
          // A socket that closed for good, say for a token that ran out, is no refusal: the next one resumes.
          void again(isClosing(cause) ? undefined : toError(cause));
        },
        complete: () => {
          if (over || stopped) return;
          if (options.ended) options.ended();
          else void again();
        },
      },
    );
  };

  start();
  return () => {
    stopped = true;
    stopCurrent();
  };
}

function isClosing(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && 'reason' in cause;
}

function toError(cause: unknown): GraphqlError {
  const first = Array.isArray(cause) ? cause[0] : null;
  if (first) return { code: String(first.extensions?.code ?? 'INTERNAL'), message: String(first.message) };
  return { code: 'UNAVAILABLE', message: cause instanceof Error ? cause.message : '' };
}
