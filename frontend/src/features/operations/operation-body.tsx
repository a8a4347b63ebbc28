import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/texts';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useOperationQuery } from './api';
import { OperationDetail } from './operation-detail';

/** The verb and the object of an operation; nothing is read without an id. */
export function useOperationTitle(id: string | null): string {
  const { t } = useTranslation();
  const operation = useOperationQuery(id ?? '', { skip: !id }).currentData?.operation;
  return operation
    ? t('command.act', { verb: serverWord(t, 'operationKind', operation.kind), name: operation.target.name })
    : t('operations.one');
}

/** One operation, followed to its end, or why it cannot be shown. */
export function OperationBody({ id }: { id: string }) {
  const { t } = useTranslation();
  const { currentData, error, refetch, fulfilledTimeStamp } = useOperationQuery(id);
  const operation = currentData?.operation;
  return (
    <>
      {error && (
        <Problem
          error={error as GraphqlError}
          retry={refetch}
          asOf={operation ? fulfilledTimeStamp : undefined}
        />
      )}
      {!error && !currentData && <Loading retry={refetch} />}
      {currentData && !operation && <Empty text={t('operations.missing')} />}
      {operation && <OperationDetail operation={operation} />}
    </>
  );
}
