import { Suspense } from 'react';
import { ContainerForm } from './form';

export default function Page() {
  return (
    <Suspense>
      <ContainerForm />
    </Suspense>
  );
}
