import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Address, FilterSpec } from './list-parameters';
import { chipsOf, chipWords } from './query/query';

interface RemoveFiltersProps {
  address: Address;
  specs: readonly FilterSpec<never>[];
}

/** The filters that leave nothing, each with a button that removes it, and one that removes all. */
export function RemoveFilters({ address, specs }: RemoveFiltersProps) {
  const { t } = useTranslation();
  const active = specs.filter((spec) => address.get(spec.key));
  return (
    <div className="filters">
      {active.length > 1 &&
        active.map((spec) => (
          <Button key={spec.key} size="small" onClick={() => address.set({ [spec.key]: null })}>
            {t('list.remove', { filter: wordsOf(t, address, spec) })}
          </Button>
        ))}
      <Button
        size="small"
        onClick={() => address.set(Object.fromEntries(specs.map(({ key }) => [key, null])))}
      >
        {t('list.clear')}
      </Button>
    </div>
  );
}

function wordsOf(t: TFunction, address: Address, spec: FilterSpec<never>): string {
  if (spec.control === 'search') return `“${address.get(spec.key)}”`;
  return chipsOf(address, [spec])
    .map((chip) => chipWords(t, chip))
    .join(t('mark.comma'));
}
