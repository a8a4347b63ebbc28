import { ContainerDashboard } from './dashboard';

export default function Page() {
  return <ContainerDashboard />;
}
