import { api } from '@/graphql/api';
import type {
  BatchOutcomeFragment,
  CommandOutcomeFragment,
  TypedDocumentString,
} from '@/graphql/generated/graphql';
import { written } from '@/graphql/written-slice';

/** A mutation that the server accepts or refuses. */
export interface Command {
  // biome-ignore lint/suspicious/noExplicitAny: the sender of a command knows the types of its document
  document: TypedDocumentString<any, any>;
  input: object;
}

/** One operation, many of them, or a refusal. */
export type CommandOutcome = CommandOutcomeFragment | BatchOutcomeFragment;

const commandApi = api.injectEndpoints({
  endpoints: (build) => ({
    command: build.mutation<CommandOutcome, Command>({
      query: ({ document, input }) => ({ document, variables: { input } }),
      transformResponse: (data: Record<string, CommandOutcome>) => Object.values(data)[0] as CommandOutcome,
      async onQueryStarted(_, { dispatch, queryFulfilled }) {
        const { data } = await queryFulfilled.catch(() => ({ data: null })); // The caller shows the error.
        if (data && data.__typename !== 'OperationRefused') dispatch(written(data.position));
      },
    }),
  }),
});

export const { useCommandMutation } = commandApi;
