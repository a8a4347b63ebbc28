import { Suspense } from 'react';
import { OperationList } from '@/features/operations/list';

export default function Page() {
  return (
    <Suspense>
      <OperationList />
    </Suspense>
  );
}
