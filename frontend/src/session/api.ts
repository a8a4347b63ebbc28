import { api } from '@/graphql/api';
import {
  LoginDocument,
  type LoginMutation,
  type LoginMutationVariables,
  LogoutDocument,
  type LogoutMutation,
} from '@/graphql/generated/graphql';

const sessionApi = api.injectEndpoints({
  endpoints: (build) => ({
    login: build.mutation<LoginMutation['login'], LoginMutationVariables>({
      query: (variables) => ({ document: LoginDocument, variables }),
      transformResponse: (data: LoginMutation) => data.login,
    }),
    logout: build.mutation<LogoutMutation, void>({ query: () => ({ document: LogoutDocument }) }),
  }),
});

export const { useLoginMutation, useLogoutMutation } = sessionApi;
