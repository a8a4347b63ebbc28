import { api } from '@/graphql/api';
import {
  ClustersDocument,
  type ClustersQuery,
  NamespacesDocument,
  type NamespacesQuery,
  type NamespacesQueryVariables,
} from '@/graphql/generated/graphql';

const clustersApi = api.injectEndpoints({
  endpoints: (build) => ({
    clusters: build.query<ClustersQuery['clusters']['nodes'], void>({
      query: () => ({ document: ClustersDocument }),
      transformResponse: (data: ClustersQuery) => data.clusters.nodes,
      keepUnusedDataFor: 60,
    }),
    namespaces: build.query<string[], NamespacesQueryVariables>({
      query: (variables) => ({ document: NamespacesDocument, variables }),
      transformResponse: (data: NamespacesQuery) => [
        ...new Set(data.namespaces.nodes.map(({ name }) => name)),
      ],
      keepUnusedDataFor: 5,
    }),
  }),
});

export const { useClustersQuery, useNamespacesQuery } = clustersApi;

/** The names of namespaces that contain a text, in all clusters; nothing is read while it is null. */
export function useNamespaceNames(part: string | null) {
  return useNamespacesQuery({ search: part || null }, { skip: part === null });
}
