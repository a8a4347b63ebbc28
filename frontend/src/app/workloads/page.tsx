import { Suspense } from 'react';
import { WorkloadList } from '@/features/workloads/list';

export default function Page() {
  return (
    <Suspense>
      <WorkloadList />
    </Suspense>
  );
}
