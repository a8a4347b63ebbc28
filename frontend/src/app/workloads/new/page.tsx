import { ContainerForm } from '@/features/workloads/create/form';

export default function Page() {
  return <ContainerForm />;
}
