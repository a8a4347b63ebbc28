import { useTranslation } from 'react-i18next';
import { useChangesOfTargetQuery } from '@/features/operations/api';
import type { GraphqlError } from '@/graphql/error';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';

interface ChangedFieldsProps {
  operation: string;
  workload: string;
}

/** The fields that an operation changed, as the watch recorded them. Read when they are asked for. */
export function ChangedFields({ operation, workload }: ChangedFieldsProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useChangesOfTargetQuery(workload);
  if (error) return <Problem error={error as GraphqlError} retry={refetch} />;
  if (!data) return <Loading lines={1} retry={refetch} />;
  const own = data.find((revision) => revision.operation?.id === operation && revision.changes.length > 0);
  return own ? <FieldChanges changes={own.changes} /> : <p className="quiet">{t('audit.noFields')}</p>;
}
