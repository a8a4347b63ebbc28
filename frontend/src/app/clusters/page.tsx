import { ClusterList } from '@/features/fleet/list';

export default function Page() {
  return <ClusterList />;
}
