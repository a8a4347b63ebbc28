/** The codes that callers handle; any other code of the server is passed on unchanged. */
export type ErrorCode = 'UNAUTHENTICATED' | 'UNAVAILABLE' | 'NO_ANSWER' | (string & {});

export interface GraphqlError {
  code: ErrorCode;
  message: string;
  /** Under which the log of the server tells more. */
  requestId?: string;
}

/** The server did not answer at all, or not yet. */
export const isOutage = ({ code }: Pick<GraphqlError, 'code'>) =>
  code === 'UNAVAILABLE' || code === 'NO_ANSWER';

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: unknown; requestId?: unknown } }[];
}

export function toResult<Data>(answer: Answer<Data>): { data: Data } | { error: GraphqlError } {
  const first = answer.errors?.[0];
  if (first) {
    const { code, requestId } = first.extensions ?? {};
    return {
      error: {
        code: typeof code === 'string' ? code : 'INTERNAL',
        message: first.message,
        ...(typeof requestId === 'string' && { requestId }),
      },
    };
  }
  if (answer.data) return { data: answer.data };
  return { error: { code: 'INTERNAL', message: 'The answer has neither data nor errors.' } };
}
