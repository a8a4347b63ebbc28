import { WorkloadList } from '@/features/workloads/list';

export default function Page() {
  return <WorkloadList />;
}
