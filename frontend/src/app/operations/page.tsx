import { Suspense } from 'react';
import { Operations } from '@/features/operations/list';

export default function Page() {
  return (
    <Suspense>
      <Operations />
    </Suspense>
  );
}
