import { partsOf } from '@/features/causes/place';
import { api, execute, type RequestContext } from '@/graphql/api';
import {
  LastReportDocument,
  type LastReportQuery,
  type ManifestFormat,
  ObjectChangedDocument,
  ObjectDetailChangedDocument,
  type ObjectDetailFragment,
  ObjectDocument,
  type ObjectFilter,
  ObjectManifestDocument,
  type ObjectManifestQuery,
  type ObjectOrder,
  type ObjectOrderField,
  type ObjectRowFragment,
  ObjectsDocument,
  type ObjectsQuery,
  PrintedColumnsDocument,
  type PrintedColumnsQuery,
  RelatedDocument,
  type RelatedQuery,
  RevisionManifestDocument,
  type RevisionManifestQuery,
} from '@/graphql/generated/graphql';
import { sortableTime } from '@/graphql/instant';
import { live, type Positioned } from '@/graphql/live';
import { liveWindow } from '@/resource/live-window';
import { NO_NAMESPACE } from '@/resource/path';
import { stillWindow, type Window, type WindowArgs, type WindowRules } from '@/resource/window';
import { type Condition, conditionsOf } from './conditions';

export interface ObjectWindowArgs extends WindowArgs<ObjectFilter> {
  /** A kind that is read live is sorted by name. */
  orderBy?: ObjectOrder;
}

/** What the server sorts by for each order; rows that share it are sorted by their id, in the same direction. */
export const objectSortValues: Record<ObjectOrderField, (row: ObjectRowFragment) => string> = {
  NAME: ({ name }) => name,
  NAMESPACE: ({ namespace }) => namespace ?? '',
  KIND: ({ id }) => partsOf(id).kind,
  STATE: ({ rank }) => String(rank).padStart(2, '0'),
  CREATED_AT: ({ createdAt }) => (createdAt ? sortableTime(createdAt) : ''),
};

export const objectRules: WindowRules<ObjectRowFragment, ObjectWindowArgs> = {
  id: ({ id }) => id,
  sortKey: (row, { orderBy }) => [objectSortValues[orderBy?.field ?? 'NAME'](row), row.id],
  isDescending: ({ orderBy }) => orderBy?.direction === 'DESC',
  isFixed: ({ filter }) => !filter.states?.length && !filter.search && !filter.labelSelector,
};

/** The total is not known where a kind is read live. */
const counted = ({ totalCount, ...page }: ObjectsQuery['objects']) => ({
  ...page,
  totalCount: totalCount ?? undefined,
});

/** One object as it was last observed. */
interface ObjectSnapshot extends Positioned {
  /** Null when there is none: it never existed, or it is gone. */
  object: ObjectDetailFragment | null;
  isGone: boolean;
}

/** A name may be longer than what can be searched for. */
const LONGEST_SEARCH = 200;

/** Where the changes of an object are. */
function placeOf(id: string): ObjectFilter {
  const { kind, cluster, namespace, name } = partsOf(id);
  const namespaces = namespace === NO_NAMESPACE ? null : [namespace];
  return { cluster, kinds: [kind], namespaces, search: name.slice(0, LONGEST_SEARCH) };
}

interface ManifestArgs {
  id: string;
  format: ManifestFormat;
  /** Another version is another text. */
  version: string;
}

type ObjectWithRelations = NonNullable<RelatedQuery['object']>;
export type RelatedRow = ObjectWithRelations['related']['nodes'][number];
export type MissingRow = ObjectWithRelations['missing'][number];

export interface RelatedPage {
  nodes: readonly RelatedRow[];
  totalCount: number;
  /** What the manifest names and is not there. */
  missing: readonly MissingRow[];
}

const nothingRelated: RelatedPage = { nodes: [], totalCount: 0, missing: [] };

/** So many of the related objects are read. */
const MOST_RELATED = 200;

const objectsApi = api.injectEndpoints({
  endpoints: (build) => ({
    objects: build.query<Window<ObjectRowFragment>, ObjectWindowArgs>(
      liveWindow({
        document: ObjectsDocument,
        variables: (args: ObjectWindowArgs, minPosition) => ({ ...args, minPosition }),
        page: ({ objects }) => counted(objects),
        stream: ObjectChangedDocument,
        streamVariables: ({ filter }, after) => ({ filter, after }),
        change: ({ objectChanged }) => objectChanged,
        rowChange: ({ kind, objectId, object }) => ({ kind, id: objectId, row: object ?? null }),
        rules: objectRules,
      }),
    ),
    /** Those of a kind that is not recorded. They have no subscription. */
    unrecordedObjects: build.query<Window<ObjectRowFragment>, ObjectWindowArgs>({
      query: (variables) => ({ document: ObjectsDocument, variables }),
      transformResponse: ({ objects }: ObjectsQuery) => stillWindow(counted(objects)),
    }),
    /** The names of the columns of a kind in their order, as one of its objects knows them. */
    printedColumns: build.query<readonly string[], ObjectFilter>({
      query: (filter) => ({ document: PrintedColumnsDocument, variables: { filter } }),
      transformResponse: ({ objects }: PrintedColumnsQuery) => objects.nodes[0]?.kind.columns ?? [],
      keepUnusedDataFor: 60,
    }),
    object: build.query<ObjectSnapshot, string>(
      live({
        load: async (id: string, context, minPosition) => {
          const answer = await execute(ObjectDocument, { id, minPosition }, context);
          if (answer.error) return answer;
          const object = answer.data.object ?? null;
          return { data: { object, isGone: !object } };
        },
        document: ObjectDetailChangedDocument,
        follows: ({ object }: ObjectSnapshot) => object?.kind.recorded === true,
        variables: (id, after) => ({ after, filter: placeOf(id) }),
        change: ({ objectChanged }) => objectChanged,
        apply: (snapshot: ObjectSnapshot, { objectId, object, kind }, id) => {
          // A cluster goes with all that is in it.
          if (objectId !== id && objectId !== id.split('~')[1]) return;
          snapshot.isGone = kind === 'REMOVED' || !object;
          if (object) snapshot.object = object;
        },
      }),
    ),
    /** The manifest as text; null where the object is gone. */
    objectManifest: build.query<string | null, ManifestArgs>({
      query: ({ id, format }) => ({ document: ObjectManifestDocument, variables: { id, format } }),
      transformResponse: ({ object }: ObjectManifestQuery) => object?.manifest ?? null,
    }),
    /** The conditions as they were recorded last. */
    conditions: build.query<readonly Condition[], string>({
      query: (id) => ({ document: LastReportDocument, variables: { id } }),
      transformResponse: ({ auditEvents }: LastReportQuery) => conditionsOf(auditEvents.nodes[0]?.payload),
    }),
    /** What the manifest was after a recorded change; null where that cannot be read. */
    revisionManifest: build.query<unknown, string>({
      query: (position) => ({ document: RevisionManifestDocument, variables: { position } }),
      transformResponse: ({ auditEvent }: RevisionManifestQuery) =>
        (auditEvent?.payload as { manifest?: unknown } | undefined)?.manifest ?? null,
      // It never changes.
      keepUnusedDataFor: 300,
    }),
    /** The objects that are one step away. They have no subscription. */
    related: build.query<RelatedPage, string>({
      query: (id) => ({ document: RelatedDocument, variables: { id, first: MOST_RELATED } }),
      transformResponse: ({ object }: RelatedQuery) =>
        object ? { ...object.related, missing: object.missing } : nothingRelated,
    }),
  }),
});

/** One page of a list, past the cache. */
export async function readObjects(args: ObjectWindowArgs, context: RequestContext) {
  const answer = await execute(ObjectsDocument, args, context);
  return answer.error ? answer : { data: counted(answer.data.objects) };
}

export const {
  useConditionsQuery,
  useObjectManifestQuery,
  useObjectQuery,
  useObjectsQuery,
  usePrintedColumnsQuery,
  useRelatedQuery,
  useRevisionManifestQuery,
  useUnrecordedObjectsQuery,
} = objectsApi;
