import { useTranslation } from 'react-i18next';
import { useClusterOfPage } from './cluster-of-page';

/** The cluster that the page is about, beside the word of its environment in its colour. */
export function PagePlace() {
  const { t } = useTranslation();
  const cluster = useClusterOfPage();
  return (
    cluster && (
      <span
        className="cluster"
        data-environment={cluster.environment}
        title={cluster.name}
        data-testid="cluster"
      >
        <b>{t(`environment.${cluster.environment}`)}</b>
        <span className="cluster-name">{cluster.name}</span>
      </span>
    )
  );
}
