// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useTranslation } from 'react-i18next';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { Themed } from '@/ui/theme';
import { componentLocale, speak } from './language';

function Page() {
  const { t } = useTranslation();
  return (
    <Themed locale={componentLocale}>
      <input aria-label={t('create.name')} />
    </Themed>
  );
}

it('a switch of the language keeps what was typed', async () => {
  await speak('en');
  show(<Page />);
  await userEvent.type(screen.getByLabelText('Name'), 'web');
  await speak('zh-CN');
  expect(await screen.findByLabelText('名称')).toHaveValue('web');
  await speak('en');
  expect(await screen.findByLabelText('Name')).toHaveValue('web');
});
