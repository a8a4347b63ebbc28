import type { GraphqlError } from './error';
import type { TypedDocumentString } from './generated/graphql';
import { backoff, socket } from './socket';

export interface StreamOptions<Data, Variables> {
  document: TypedDocumentString<Data, Variables>;
  /** Evaluated for each new connection, so that a stream resumes where it was interrupted. */
  variables: () => Variables;
  next: (data: Data) => void;
  /** Called when the server refuses the stream, before it is requested again. */
  failed?: (error: GraphqlError) => void | Promise<void>;
  /** Called when the server completes the stream. Without it, the stream is requested again. */
  ended?: () => void;
}

/** Follows a subscription until the returned function is called, across lost connections and refusals. */
export function stream<Data, Variables>(options: StreamOptions<Data, Variables>): () => void {
  let stopped = false;
  let stopCurrent = () => {};
  let attempt = 0;

  const start = () => {
    if (stopped) return;
    // Messages of an attempt that has ended are ignored.
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
        // The client sends this object again after each reconnection; the getter then returns the newest position.
        get variables() {
          return options.variables() as Record<string, unknown>;
        },
      },
      {
        next: ({ data, errors }) => {
          if (over || stopped) return;
          // Data beside an error may be incomplete, so it is not used.
          if (errors || !data) {
            void again(toError(errors));
            stopCurrent();
          } else {
            attempt = 0;
            options.next(data);
          }
        },
        error: (cause) => {
          // A closed socket, for example after its token expired, is not a refusal: the next one resumes.
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
