import type { PostResult } from '@/graphql/post';
import type { Window, WindowArgs } from '../window';

export type Page<Row> = Pick<Window<Row>, 'nodes' | 'pageInfo' | 'totalCount'>;
export type ReadPage<Row, Args> = (args: Args) => Promise<PostResult<Page<Row>>>;

/** The most that the server gives at once. */
const PAGE = 500;

interface ReadAll<Row, Args> {
  readPage: ReadPage<Row, Args>;
  args: Args;
  signal: AbortSignal;
  /** Takes each page; none is kept here. */
  page: (rows: Row[]) => void;
  progress: (read: number, total: number | undefined) => void;
}

/** Reads a whole result, page by page; null when it was aborted, else how many rows there were or why there are none. */
export async function readAll<Row, Args extends WindowArgs>({
  readPage,
  args,
  signal,
  page,
  progress,
}: ReadAll<Row, Args>): Promise<PostResult<number> | null> {
  let after: string | null = null;
  let read = 0;
  for (;;) {
    const answer: PostResult<Page<Row>> = await readPage({ ...args, first: PAGE, after });
    if (signal.aborted) return null;
    if (answer.error) return { error: answer.error };
    const { nodes, pageInfo, totalCount } = answer.data;
    page(nodes);
    read += nodes.length;
    progress(read, totalCount);
    const { endCursor } = pageInfo;
    if (!pageInfo.hasNextPage || !endCursor || endCursor === after) return { data: read };
    after = endCursor;
  }
}
