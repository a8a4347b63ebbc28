import { Suspense } from 'react';
import { PodList } from '@/features/pods/all';

export default function Page() {
  return (
    <Suspense>
      <PodList />
    </Suspense>
  );
}
