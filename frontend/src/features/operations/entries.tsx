import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { OperationEntry } from './entry';

interface OperationListProps {
  operations: OperationFieldsFragment[] | undefined;
  error?: unknown;
  retry: () => void;
  asOf?: number;
  empty?: string;
}

export function OperationList({ operations, error, retry, asOf, empty }: OperationListProps) {
  const { t } = useTranslation();
  return (
    <>
      {error ? <Problem error={error as GraphqlError} retry={retry} asOf={operations && asOf} /> : null}
      {!operations && !error && <Skeleton active title={false} paragraph={{ rows: 4 }} />}
      {operations?.length === 0 && <Empty text={empty ?? t('operations.none')} />}
      {operations && operations.length > 0 && (
        <ul className="operations">
          {operations.map((operation) => (
            <OperationEntry key={operation.id} operation={operation} />
          ))}
        </ul>
      )}
    </>
  );
}
