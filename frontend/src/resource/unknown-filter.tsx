import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { onlyAllowed, type useAddress } from '@/ui/hooks/use-address';

interface UnknownFilterProps {
  address: Pick<ReturnType<typeof useAddress>, 'list' | 'set'>;
  /** What each key of the address may hold. */
  allowed: Record<string, readonly string[]>;
}

/** Warns of filter values that are not applied: without it, a list silently shows more than its address says. */
export function UnknownFilter({ address, allowed }: UnknownFilterProps) {
  const { t } = useTranslation();
  const keys = Object.entries(allowed);
  const unknown = keys.flatMap(([key, values]) =>
    address
      .list(key)
      .filter((value) => !values.includes(value))
      .map((value) => `${key}=${value}`),
  );
  if (unknown.length === 0) return null;
  const clear = () =>
    address.set(
      Object.fromEntries(keys.map(([key, values]) => [key, onlyAllowed(address.list(key), values)])),
    );
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="unknown-filter"
      title={t('filter.unknown', { values: unknown.join(t('mark.comma')) })}
      action={
        <Button size="small" onClick={clear} data-testid="unknown-filter-clear">
          {t('filter.clear')}
        </Button>
      }
    />
  );
}
