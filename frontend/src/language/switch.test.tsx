// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useTranslation } from 'react-i18next';
import { expect, it } from 'vitest';
import { Themed } from '@/ui/theme';
import { chooseLanguage, componentLocale, startLanguage } from './language';

function Page() {
  const { t } = useTranslation();
  return (
    <Themed locale={componentLocale}>
      <input aria-label={t('create.name')} />
    </Themed>
  );
}

it('a switch of the language keeps what was typed', async () => {
  await startLanguage();
  render(<Page />);
  await userEvent.type(screen.getByLabelText('Name'), 'web');
  await chooseLanguage('zh-CN');
  expect(await screen.findByLabelText('名称')).toHaveValue('web');
  await chooseLanguage('en');
  expect(await screen.findByLabelText('Name')).toHaveValue('web');
});
