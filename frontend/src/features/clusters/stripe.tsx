import { EnvironmentStripe } from '@/ui/feedback/environment';
import { useClusterOfPage } from './cluster-of-page';

/** The colour of the environment on which this page acts; grey on a page about several clusters. */
export function Stripe() {
  return <EnvironmentStripe environment={useClusterOfPage()?.environment} />;
}
