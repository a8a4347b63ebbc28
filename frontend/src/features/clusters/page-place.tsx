import { EnvironmentTag } from '@/ui/feedback/environment';
import { useClusterOfPage } from './cluster-of-page';

/** The cluster that the page is about, beside the word of its environment in its colour. */
export function PagePlace() {
  const cluster = useClusterOfPage();
  return (
    cluster && (
      <span
        className="cluster"
        data-environment={cluster.environment}
        title={cluster.name}
        data-testid="cluster"
      >
        <EnvironmentTag environment={cluster.environment} />
        <span className="cluster-name">{cluster.name}</span>
      </span>
    )
  );
}
