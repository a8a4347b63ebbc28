import { AddCluster } from '@/features/fleet/add/add-page';

export default function Page() {
  return <AddCluster />;
}
