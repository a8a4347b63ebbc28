import dynamic from 'next/dynamic';
import { useTranslation } from 'react-i18next';
import { Section } from './section';

// It is folded at first.
const AdvancedFields = dynamic(() => import('./advanced-fields').then((module) => module.AdvancedFields), {
  ssr: false,
});

export function Advanced() {
  const { t } = useTranslation();
  return (
    <Section title={t('create.advanced')} summary={t('create.advancedHint')} testId="section-advanced">
      <AdvancedFields />
    </Section>
  );
}
