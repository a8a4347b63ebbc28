import { execute, type RequestContext } from '@/graphql/api';
import type { TypedDocumentString } from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';
import { patch, type RowChange, repeated, type Window, type WindowArgs, type WindowRules } from './window';

interface Connection<Row> {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: number;
}

interface LiveWindow<Args, Row, Page, PageVariables, Message, StreamVariables, Change extends Positioned> {
  document: TypedDocumentString<Page, PageVariables>;
  variables: (args: Args, minPosition: string | null) => PageVariables;
  page: (answer: Page) => Connection<Row>;
  stream: TypedDocumentString<Message, StreamVariables>;
  streamVariables: (args: Args, after: string) => StreamVariables;
  change: (message: Message) => Change;
  /** What a change means for this window. */
  rowChange: (change: Change, window: Window<Row>, args: Args) => RowChange<Row>;
  rules: WindowRules<Row, Args>;
}

/** A window of a list as a query that stays up to date: it is read once, then each change is put in its place. */
export function liveWindow<
  Args extends WindowArgs,
  Row,
  Page,
  PageVariables,
  Message,
  StreamVariables,
  Change extends Positioned,
>(spec: LiveWindow<Args, Row, Page, PageVariables, Message, StreamVariables, Change>) {
  return live({
    load: async (args: Args, context: RequestContext, minPosition) => {
      const answer = await execute(spec.document, spec.variables(args, minPosition), context);
      return answer.error ? answer : { data: { ...spec.page(answer.data), changes: {}, uncertain: false } };
    },
    document: spec.stream,
    variables: spec.streamVariables,
    change: spec.change,
    apply: (window: Window<Row>, change: Change, args: Args) =>
      patch(window, spec.rowChange(change, window, args), args, spec.rules),
    uncertain: (window: Window<Row>) => window.uncertain,
    repeated,
  });
}
