import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'react-redux';
import { type Cluster, changeClusters } from '@/features/clusters/api';
import { execute, type RequestContext } from '@/graphql/api';
import type { GraphqlError } from '@/graphql/error';
import {
  ClusterCheckDocument,
  type ClusterCheckQuery,
  type ClusterOutcomeFragment,
  RegisterClusterDocument,
  type RegisterClusterInput,
  RemoveClusterDocument,
  type TypedDocumentString,
} from '@/graphql/generated/graphql';
import { written } from '@/graphql/written-slice';
import { failureIn, type Refused, refusalIn } from '@/resource/use-command';

export type Check = ClusterCheckQuery['clusterCheck'];

/** What became of a command on a cluster: the cluster, or why it was refused or got no answer, in words. */
export type Outcome =
  | { cluster: Cluster; refusal?: undefined; refused?: undefined }
  | { cluster?: undefined; refusal: string; refused?: Refused };

/**
 * Sends what is about the clusters themselves. It goes past the cache: that would keep what was sent, and credentials are
 * in it.
 */
export function useClusterRequest() {
  const { t } = useTranslation();
  const { dispatch, getState }: RequestContext = useStore();
  const [isBusy, setIsBusy] = useState(false);

  const send = async <Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    type: 'query' | 'mutation',
  ) => {
    setIsBusy(true);
    try {
      return await execute(document, variables, { dispatch, getState, type });
    } finally {
      setIsBusy(false);
    }
  };

  const outcomeOf = (
    answer: { data: ClusterOutcomeFragment; error?: undefined } | { error: GraphqlError },
    change: (known: Cluster[], cluster: Cluster) => Cluster[],
  ): Outcome => {
    if (answer.error) return { refusal: failureIn(t, answer.error) };
    const { data } = answer;
    if (data.__typename === 'OperationRefused') return { refusal: refusalIn(t, data), refused: data };
    const { cluster, position } = data;
    dispatch(written(position));
    dispatch(changeClusters((known) => change(known, cluster)));
    return { cluster };
  };

  /** Tries to reach a cluster, and changes nothing. */
  const check = async (input: RegisterClusterInput): Promise<{ check?: Check; failure?: string }> => {
    const { data, error } = await send(ClusterCheckDocument, { input }, 'query');
    return error ? { failure: failureIn(t, error) } : { check: data.clusterCheck };
  };

  const register = async (input: RegisterClusterInput): Promise<Outcome> => {
    const { data, error } = await send(RegisterClusterDocument, { input }, 'mutation');
    const answer = error ? { error } : { data: data.registerCluster };
    return outcomeOf(answer, (known, cluster) => [...without(known, cluster), cluster]);
  };

  const remove = async (id: string, reason: string | null): Promise<Outcome> => {
    const { data, error } = await send(RemoveClusterDocument, { input: { id, reason } }, 'mutation');
    const answer = error ? { error } : { data: data.removeCluster };
    return outcomeOf(answer, without);
  };

  return { check, register, remove, isBusy };
}

const without = (known: Cluster[], { id }: Cluster) => known.filter((one) => one.id !== id);
