import { useTranslation } from 'react-i18next';
import { EditButton } from '@/features/edit/edit-button';
import { useLastChange } from '@/features/operations/use-last-change';
import type { ObjectDetailFragment } from '@/graphql/generated/graphql';
import type { Current } from '@/resource/action';
import { Actions } from '@/resource/actions';
import { offers } from './actions';
import type { useObjectQuery } from './api';

interface ObjectActionsProps {
  row: ObjectDetailFragment;
  position: string;
  refetch: ReturnType<typeof useObjectQuery>['refetch'];
}

/** What can be done with an object. */
export function ObjectActions({ row, position, refetch }: ObjectActionsProps) {
  return (
    <>
      <EditButton id={row.id} name={row.name} actions={row.availableActions} />
      <Actions
        row={row}
        position={position}
        offers={offers(row)}
        accepted={() => void refetch()}
        reload={useReload(row.id, refetch)}
      />
    </>
  );
}

/** Reads an object again, and finds who changed it after a position of the log. */
function useReload(id: string, refetch: ObjectActionsProps['refetch']) {
  const { t } = useTranslation();
  const lastChange = useLastChange(id);
  return async (after: string): Promise<Current<ObjectDetailFragment> | null> => {
    const [{ data }, change] = await Promise.all([refetch(), lastChange(after)]);
    const row = data?.object;
    if (!row) return null;
    return { row, position: data.position, change, summary: t(`objectState.${row.state}`) };
  };
}
