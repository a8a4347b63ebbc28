import type { OperationDetailFragment, OperationState } from '@/graphql/generated/graphql';

/** A stage, or the wait for the operations before it, on the axis of time of its operation. */
export interface Bar {
  /** The name of the stage; null for the wait. */
  stage: string | null;
  state: OperationState;
  message: string | null;
  /** How long it took, or takes until now, in milliseconds; null before it begins. */
  tookMs: number | null;
  /** Where it begins and how wide it is, in per cent of the axis. */
  left: number;
  width: number;
  /** The last calls to Kubernetes, each with its place on the axis. */
  calls: CallMark[];
  /** How many calls came before those. */
  earlierCalls: number;
  /** The last calls to the API of the cluster, as they were made. */
  apiCalls: Stage['apiCalls'];
}

type Stage = OperationDetailFragment['stages'][number];
type Call = Stage['calls'][number];

export interface CallMark extends Call {
  left: number;
}

type Timed = Pick<OperationDetailFragment, 'requestedAt' | 'startedAt' | 'finishedAt' | 'state' | 'stages'>;

/** The stages of an operation on one axis, from the request to its end or to now. */
export function barsOf(operation: Timed, now: number): Bar[] {
  const { requestedAt, startedAt, finishedAt, stages } = operation;
  const begin = Date.parse(requestedAt);
  const end = Math.max(finishedAt ? Date.parse(finishedAt) : now, begin + 1);
  const percent = (ms: number) => (100 * ms) / (end - begin);
  const bar = (from: string | null, to: string | null) => {
    if (from === null) return { tookMs: null, left: 0, width: 0 };
    // The clocks of the server and the browser may differ.
    const at = clamp(Date.parse(from), begin, end);
    const until = clamp(to ? Date.parse(to) : end, at, end);
    return { tookMs: until - at, left: percent(at - begin), width: percent(until - at) };
  };
  const isInLine = operation.state === 'QUEUED';
  return [
    {
      stage: null,
      state: isInLine ? 'QUEUED' : startedAt ? 'SUCCEEDED' : operation.state,
      message: null,
      calls: [],
      earlierCalls: 0,
      apiCalls: [],
      ...bar(requestedAt, startedAt),
    },
    ...stages.map(({ name, state, message, startedAt, finishedAt, calls, callCount, apiCalls }) => ({
      stage: name,
      state,
      message,
      calls: calls.map((call) => ({
        ...call,
        left: percent(clamp(Date.parse(call.at), begin, end) - begin),
      })),
      earlierCalls: callCount - calls.length,
      apiCalls,
      ...bar(startedAt, finishedAt),
    })),
  ];
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
