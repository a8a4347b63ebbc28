import { AuditLog } from '@/features/audit/list';

export default function Page() {
  return <AuditLog />;
}
