import { CreatePage } from '@/features/workloads/create/create-page';

export default function Page() {
  return <CreatePage />;
}
