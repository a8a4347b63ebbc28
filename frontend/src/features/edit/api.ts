import type { ThunkDispatch, UnknownAction } from '@reduxjs/toolkit';
import { useCallback, useEffect, useState } from 'react';
import { useDispatch } from 'react-redux';
import { api } from '@/graphql/api';
import {
  type ApplyManifestsInput,
  EditedObjectDocument,
  type EditedObjectQuery,
  KindSchemaDocument,
  type KindSchemaQuery,
  ObjectOffersDocument,
  type ObjectOffersQuery,
  ObjectVersionDocument,
  type ObjectVersionQuery,
  type PreviewFieldsFragment,
  PreviewManifestsDocument,
  type PreviewManifestsQuery,
} from '@/graphql/generated/graphql';
import { useReread } from '@/resource/use-reread';
import type { Schema } from '@/ui/editor/schema/schema';

export type EditedObject = NonNullable<EditedObjectQuery['object']>;
export type Preview = PreviewFieldsFragment;
export type PreviewConflict = Preview['conflicts'][number];

/** What is asked of a preview and, with a reason, of what follows it. */
export type ManifestInput = Pick<
  ApplyManifestsInput,
  'cluster' | 'manifests' | 'defaultNamespace' | 'basedOn' | 'takeOver'
>;

export const editApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** An object with its manifest; null where there is none. Read anew for each edit. */
    editedObject: build.query<EditedObject | null, string>({
      query: (id) => ({ document: EditedObjectDocument, variables: { id } }),
      transformResponse: ({ object }: EditedObjectQuery) => object ?? null,
      keepUnusedDataFor: 0,
    }),
    objectVersion: build.query<ObjectVersionQuery['object'], string>({
      query: (id) => ({ document: ObjectVersionDocument, variables: { id } }),
      transformResponse: ({ object }: ObjectVersionQuery) => object ?? null,
      keepUnusedDataFor: 0,
    }),
    /** What can be requested of an object now, beside the actions of workloads. */
    objectOffers: build.query<EditedObject['availableActions'], string>({
      query: (id) => ({ document: ObjectOffersDocument, variables: { id } }),
      transformResponse: ({ object }: ObjectOffersQuery) => object?.availableActions ?? [],
      keepUnusedDataFor: 0,
    }),
    /** The schema of a kind; null where the cluster publishes none. */
    kindSchema: build.query<Schema | null, { cluster: string; kind: string }>({
      query: (variables) => ({ document: KindSchemaDocument, variables }),
      transformResponse: ({ kindSchema }: KindSchemaQuery) => (kindSchema as Schema | null) ?? null,
      keepUnusedDataFor: 300,
    }),
    /** What applying would do. Never from the cache: the cluster is asked each time. */
    previewManifests: build.mutation<readonly Preview[], ManifestInput>({
      query: (input) => ({ document: PreviewManifestsDocument, variables: { input } }),
      transformResponse: ({ manifestPreview }: PreviewManifestsQuery) => manifestPreview.objects,
    }),
  }),
});

export const { useLazyEditedObjectQuery, useObjectVersionQuery, usePreviewManifestsMutation } = editApi;

const { useObjectOffersQuery } = editApi;
const NONE: EditedObject['availableActions'] = [];

/** What can be requested of an object: as its page has it, or else as it is read. A workload has only its own verbs. */
export function useOffers(id: string, given: EditedObject['availableActions'] | undefined) {
  const { currentData, refetch } = useObjectOffersQuery(id, { skip: given !== undefined });
  useReread(() => given === undefined && void refetch(), id);
  return given ?? currentData ?? NONE;
}

/** A text may name many kinds. The schemas of the others are read once these are no longer in it. */
const MOST_SCHEMAS = 12;

/** Finds the schema of a kind by its id: those of these kinds, as far as they are read. */
export function useSchemas(cluster: string | undefined, kinds: readonly string[]) {
  const dispatch = useDispatch<AppDispatch>();
  const [schemas, setSchemas] = useState<ReadonlyMap<string, Schema>>(new Map());
  const wanted = kinds.slice(0, MOST_SCHEMAS).join();
  useEffect(() => {
    if (!cluster || !wanted) return;
    let isOver = false;
    const reads = wanted.split(',').map((kind) => {
      const read = dispatch(editApi.endpoints.kindSchema.initiate({ cluster, kind }));
      void read.then(({ data }) => {
        if (data && !isOver) setSchemas((known) => new Map(known).set(`${cluster} ${kind}`, data));
      });
      return read;
    });
    return () => {
      isOver = true;
      for (const read of reads) read.unsubscribe();
    };
  }, [cluster, wanted, dispatch]);
  return useCallback((kind: string) => schemas.get(`${cluster} ${kind}`) ?? null, [schemas, cluster]);
}

/** Of a store that sends requests: its own types depend on this module. */
type AppDispatch = ThunkDispatch<unknown, unknown, UnknownAction>;
