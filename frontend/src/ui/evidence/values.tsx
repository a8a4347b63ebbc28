import { useTranslation } from 'react-i18next';
import { valueText } from './field-changes';

interface ValuesProps {
  columns: readonly { title: string; value: unknown }[];
}

/** Values of one field beside each other, and below each other where there is no room. */
export function Values({ columns }: ValuesProps) {
  const { t } = useTranslation();
  return (
    <dl className="values">
      {columns.map(({ title, value }) => {
        const text = valueText(value);
        return (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text === null ? <span className="quiet">{t('fieldChange.absent')}</span> : text}</dd>
          </div>
        );
      })}
    </dl>
  );
}
