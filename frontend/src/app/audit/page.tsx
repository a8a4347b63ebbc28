import { Suspense } from 'react';
import { Audit } from '@/features/audit/list';

export default function Page() {
  return (
    <Suspense>
      <Audit />
    </Suspense>
  );
}
