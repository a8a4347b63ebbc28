import { BatchList } from '@/features/batches/list';

export default function Page() {
  return <BatchList />;
}
