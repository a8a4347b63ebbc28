import { execute, type RequestContext } from './api';
import type { GraphqlError } from './error';
import { PositionDocument, type TypedDocumentString } from './generated/graphql';
import { isAfter } from './position';
import type { PostResult } from './post';
import { stream } from './stream';
import { writtenPosition } from './written-slice';

const BATCH_MS = 100;
const REREAD_MS = 2_000;

export interface Positioned {
  /** The data contains every event up to here. */
  position: string;
}

interface LiveSpec<Args, Data extends Positioned, StreamData, StreamVariables, Change extends Positioned> {
  load: (
    args: Args,
    context: RequestContext,
    minPosition: string | null,
  ) => Promise<PostResult<Omit<Data, 'position'>>>;
  document: TypedDocumentString<StreamData, StreamVariables>;
  variables: (args: Args, after: string, data: Data) => StreamVariables;
  /** Whether the data can change. */
  follows?: (data: Data, args: Args) => boolean;
  change: (data: StreamData) => Change;
  apply: (data: Data, change: Change, args: Args) => void;
  /** Whether the changes are no longer enough to keep the data right: then it is read again. */
  uncertain?: (data: Data) => boolean;
}

interface Lifecycle<Data> extends RequestContext {
  cacheDataLoaded: Promise<unknown>;
  cacheEntryRemoved: Promise<void>;
  getCacheEntry: () => { data?: Data };
  updateCachedData: (update: (draft: Data) => Data | undefined) => unknown;
}

/**
 * A query that stays up to date: it is read once, then patched by a subscription that begins where the read ended.
 * The position is read before the data. A change between the two may come twice, but is never missed.
 */
export function live<Args, Data extends Positioned, StreamData, StreamVariables, Change extends Positioned>(
  spec: LiveSpec<Args, Data, StreamData, StreamVariables, Change>,
) {
  const read = async (
    args: Args,
    context: RequestContext,
  ): Promise<{ data: Data } | { error: GraphqlError }> => {
    const at = await execute(PositionDocument, {}, context);
    if (at.error) return { error: at.error };
    const answer = await spec.load(args, context, writtenPosition(context.getState()));
    if (answer.error) return { error: answer.error };
    return { data: { ...answer.data, position: at.data.server.projectedPosition } as Data };
  };

  const onCacheEntryAdded = async (args: Args, lifecycle: Lifecycle<Data>) => {
    try {
      await lifecycle.cacheDataLoaded;
    } catch {
      return;
    }
    const current = () => lifecycle.getCacheEntry().data as Data;
    let isRemoved = false;
    if (spec.follows && !spec.follows(current(), args)) return;
    let waiting: Change[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let rereadTimer: ReturnType<typeof setTimeout> | undefined;
    let after = current().position;

    const flush = () => {
      timer = undefined;
      const batch = waiting;
      waiting = [];
      lifecycle.updateCachedData((draft) => {
        for (const change of batch) {
          if (isAfter(draft.position, change.position)) continue;
          spec.apply(draft, change, args);
          draft.position = change.position;
        }
        return undefined;
      });
      if (spec.uncertain?.(current())) rereadTimer ??= setTimeout(reread, REREAD_MS);
    };

    const reread = async () => {
      rereadTimer = undefined;
      const fresh = await read(args, lifecycle);
      if (isRemoved) return;
      // A change that arrived meanwhile is newer than the data: read it once more.
      if ('error' in fresh || isAfter(current().position, fresh.data.position)) {
        rereadTimer = setTimeout(reread, REREAD_MS);
      } else lifecycle.updateCachedData(() => fresh.data);
    };

    const stop = stream({
      document: spec.document,
      variables: () => spec.variables(args, after, current()),
      next: (message) => {
        const change = spec.change(message);
        after = change.position;
        waiting.push(change);
        timer ??= setTimeout(flush, BATCH_MS);
      },
      // The server may no longer have the changes after that position: read the data again and begin there.
      failed: async () => {
        const fresh = await read(args, lifecycle);
        if (isRemoved || 'error' in fresh) return;
        after = fresh.data.position;
        lifecycle.updateCachedData(() => fresh.data);
      },
    });
    await lifecycle.cacheEntryRemoved;
    isRemoved = true;
    clearTimeout(timer);
    clearTimeout(rereadTimer);
    stop();
  };

  return { queryFn: (args: Args, context: RequestContext) => read(args, context), onCacheEntryAdded };
}
