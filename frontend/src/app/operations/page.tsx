import { OperationList } from '@/features/operations/list';

export default function Page() {
  return <OperationList />;
}
