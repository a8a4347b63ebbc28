import { CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Middle } from '@/ui/feedback/middle';
import { type Chip, chipWords } from './query';

interface ChipListProps {
  name: string;
  chips: readonly Chip[];
  remove: (chip: Chip) => void;
}

/** The filters in force, each with a button that removes it. */
export function ChipList({ name, chips, remove }: ChipListProps) {
  const { t } = useTranslation();
  if (chips.length === 0) return null;
  return (
    <ul className="query-chips" aria-label={t('query.inForce')}>
      {chips.map((chip) => {
        const [label, words] = [t(chip.spec.label), chipWords(t, chip)];
        return (
          <li key={`${chip.spec.key} ${chip.value}`} className="query-chip" data-testid={`${name}-chip`}>
            <span className="query-chip-label">{label}</span>
            <Middle text={words} />
            <button
              type="button"
              className="plain-button"
              aria-label={t('list.remove', { filter: `${label} ${words}` })}
              onClick={() => remove(chip)}
            >
              <CloseOutlined aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
