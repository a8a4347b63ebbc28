import { useTranslation } from 'react-i18next';
import { useClusterOfPage } from './cluster-of-page';

/** The cluster that the page is about, in the tint and with the word of its environment. */
export function PagePlace() {
  const { t } = useTranslation();
  const cluster = useClusterOfPage();
  return (
    cluster && (
      <span className="cluster" data-environment={cluster.environment} data-testid="cluster">
        {cluster.name}
        <span>{t(`environment.${cluster.environment}`)}</span>
      </span>
    )
  );
}
