import { Suspense } from 'react';
import { ContainerForm } from '@/features/workloads/create/form';

export default function Page() {
  return (
    <Suspense>
      <ContainerForm />
    </Suspense>
  );
}
