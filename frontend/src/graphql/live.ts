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
  /** Called when changes were applied that the data may have contained already. */
  repeated?: (data: Data, args: Args) => void;
}

interface Lifecycle<Data> extends RequestContext {
  cacheDataLoaded: Promise<unknown>;
  cacheEntryRemoved: Promise<void>;
  getCacheEntry: () => { data?: Data };
  updateCachedData: (update: (draft: Data) => Data | undefined) => unknown;
}

/** An entry of the cache that a subscription keeps up to date. */
interface Followed<Change> {
  /** For each read that is not answered yet, the changes that were applied since it began. */
  reads: Set<Change[]>;
}

/**
 * A query that stays up to date: it is read once, then patched by a subscription that begins where the read ended.
 * The position is read before the data. A change between the two may come twice, but is never missed.
 */
export function live<Args, Data extends Positioned, StreamData, StreamVariables, Change extends Positioned>(
  spec: LiveSpec<Args, Data, StreamData, StreamVariables, Change>,
) {
  const followed = new Map<string, Followed<Change>>();

  const applyAll = (data: Data, changes: Change[], args: Args) => {
    for (const change of changes) {
      if (isAfter(data.position, change.position)) continue;
      spec.apply(data, change, args);
      data.position = change.position;
    }
  };

  const read = async (
    args: Args,
    context: RequestContext,
  ): Promise<{ data: Data } | { error: GraphqlError }> => {
    const reads = followed.get(keyOf(args))?.reads;
    const meanwhile: Change[] = [];
    reads?.add(meanwhile);
    try {
      const at = await execute(PositionDocument, {}, context);
      if (at.error) return { error: at.error };
      const answer = await spec.load(args, context, writtenPosition(context.getState()));
      if (answer.error) return { error: answer.error };
      const data = { ...answer.data, position: at.data.server.projectedPosition } as Data;
      // The subscription does not send them again, and the answer may be older than they are.
      applyAll(data, meanwhile, args);
      if (meanwhile.length > 0) spec.repeated?.(data, args);
      return { data };
    } finally {
      reads?.delete(meanwhile);
    }
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
    const reads = new Set<Change[]>();
    const entry = { reads };
    followed.set(keyOf(args), entry);
    let waiting: Change[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let rereadTimer: ReturnType<typeof setTimeout> | undefined;
    let after = current().position;

    const flush = () => {
      timer = undefined;
      const batch = waiting;
      waiting = [];
      for (const meanwhile of reads) meanwhile.push(...batch);
      lifecycle.updateCachedData((draft) => {
        applyAll(draft, batch, args);
        return undefined;
      });
      if (reads.size > 0 || spec.uncertain?.(current())) rereadLater();
    };

    const rereadLater = () => {
      rereadTimer ??= setTimeout(reread, REREAD_MS);
    };
    const reread = async () => {
      rereadTimer = undefined;
      // The answer that is on its way may settle it.
      if (reads.size > 0) return rereadLater();
      if (!spec.uncertain?.(current())) return;
      const fresh = await read(args, lifecycle);
      if (isRemoved) return;
      if ('data' in fresh) lifecycle.updateCachedData(() => fresh.data);
      if (spec.uncertain(current())) rereadLater();
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
    if (followed.get(keyOf(args)) === entry) followed.delete(keyOf(args));
    clearTimeout(timer);
    clearTimeout(rereadTimer);
    stop();
  };

  return { queryFn: (args: Args, context: RequestContext) => read(args, context), onCacheEntryAdded };
}

const keyOf = (args: unknown) => JSON.stringify(args);
