import { api } from '@/graphql/api';
import type { CommandOutcomeFragment, TypedDocumentString } from '@/graphql/generated/graphql';
import { written } from '@/graphql/written-slice';

/** A mutation that the server accepts or refuses. */
export interface Command {
  // biome-ignore lint/suspicious/noExplicitAny: the sender of a command knows the types of its document
  document: TypedDocumentString<any, any>;
  input: object;
}

const commandApi = api.injectEndpoints({
  endpoints: (build) => ({
    command: build.mutation<CommandOutcomeFragment, Command>({
      query: ({ document, input }) => ({ document, variables: { input } }),
      transformResponse: (data: Record<string, CommandOutcomeFragment>) =>
        Object.values(data)[0] as CommandOutcomeFragment,
      async onQueryStarted(_, { dispatch, queryFulfilled }) {
        const { data } = await queryFulfilled.catch(() => ({ data: null })); // The caller shows the error.
        if (data?.__typename === 'OperationAccepted') dispatch(written(data.position));
      },
    }),
  }),
});

export const { useCommandMutation } = commandApi;
