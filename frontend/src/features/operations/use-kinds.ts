import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/graphql/api';
import { OperationKindsDocument, type OperationKindsQuery } from '@/graphql/generated/graphql';
import { learnKinds } from './kinds';

const { useOperationKindsQuery } = api.injectEndpoints({
  endpoints: (build) => ({
    // The answer is in the language of the page.
    operationKinds: build.query<OperationKindsQuery['operationKinds'], string>({
      query: () => ({ document: OperationKindsDocument }),
      transformResponse: ({ operationKinds }: OperationKindsQuery) => operationKinds,
    }),
  }),
});

/** Reads what the server calls its verbs, once for each language. */
export function useKinds() {
  const { i18n } = useTranslation();
  const { currentData: kinds } = useOperationKindsQuery(i18n.language);
  useEffect(() => {
    if (!kinds) return;
    learnKinds(kinds);
    // Draws again what was drawn without these words.
    void i18n.changeLanguage(i18n.language);
  }, [kinds, i18n]);
}
