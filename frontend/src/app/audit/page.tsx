import { Suspense } from 'react';
import { Audit } from './audit';

export default function Page() {
  return (
    <Suspense>
      <Audit />
    </Suspense>
  );
}
