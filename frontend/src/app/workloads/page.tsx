import { Suspense } from 'react';
import { ContainerList } from './list';

export default function Page() {
  return (
    <Suspense>
      <ContainerList />
    </Suspense>
  );
}
