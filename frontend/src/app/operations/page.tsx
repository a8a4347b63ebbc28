import { Suspense } from 'react';
import { Operations } from './operations';

export default function Page() {
  return (
    <Suspense>
      <Operations />
    </Suspense>
  );
}
