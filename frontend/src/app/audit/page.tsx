import { Suspense } from 'react';
import { AuditLog } from '@/features/audit/list';

export default function Page() {
  return (
    <Suspense>
      <AuditLog />
    </Suspense>
  );
}
