import { ContainerDashboard } from '@/features/overview/dashboard';

export default function Page() {
  return <ContainerDashboard />;
}
