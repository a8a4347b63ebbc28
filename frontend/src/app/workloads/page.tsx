import { Suspense } from 'react';
import { ContainerList } from '@/features/workloads/list';

export default function Page() {
  return (
    <Suspense>
      <ContainerList />
    </Suspense>
  );
}
