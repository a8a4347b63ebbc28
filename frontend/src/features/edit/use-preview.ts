import { useState } from 'react';
import type { GraphqlError } from '@/graphql/error';
import { type ManifestInput, type Preview, usePreviewManifestsMutation } from './api';

interface Previewed {
  /** What was asked. It says nothing about anything else. */
  of: string;
  objects: readonly Preview[] | null;
  error: GraphqlError | null;
  at: number;
}

/** Asks the cluster what applying would do. */
export function usePreview() {
  const [send, { isLoading }] = usePreviewManifestsMutation();
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const run = async (input: ManifestInput): Promise<readonly Preview[] | null> => {
    const { data, error } = await send(input);
    setPreviewed({
      of: JSON.stringify(input),
      objects: data ?? null,
      error: (error as GraphqlError | undefined) ?? null,
      at: Date.now(),
    });
    return data ?? null;
  };
  return { previewed, isLoading, run, clear: () => setPreviewed(null) };
}
