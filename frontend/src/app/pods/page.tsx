import { PodList } from '@/features/pods/all';

export default function Page() {
  return <PodList />;
}
