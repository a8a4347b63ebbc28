import { useTranslation } from 'react-i18next';
import type { Environment } from '@/graphql/generated/graphql';

interface EnvironmentProps {
  /** Undefined where it is not known, and for what is about all clusters. */
  environment?: Environment;
}

/** The stripe above everything: its colour says where one acts, or it is grey. */
export function EnvironmentStripe({ environment }: EnvironmentProps) {
  return <div className="environment-stripe" data-environment={environment} aria-hidden="true" />;
}

/** The place on which something acts, with the word and the colour of its environment. */
export function PlaceBand({ environment, place }: EnvironmentProps & { place: string }) {
  const { t } = useTranslation();
  return (
    <div className="place-band" data-environment={environment} data-testid="place">
      {environment && `${t(`environment.${environment}`)}${t('mark.comma')}`}
      {place}
    </div>
  );
}

/** The word of an environment in its colour. */
export function EnvironmentTag({ environment }: { environment: Environment }) {
  const { t } = useTranslation();
  return (
    <b className="environment-tag" data-environment={environment}>
      {t(`environment.${environment}`)}
    </b>
  );
}
