'use client';

import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** After an upgrade an open tab may request a script of the old version: then it has to be reloaded. */
export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  const { t } = useTranslation();
  const outdated =
    error.name === 'ChunkLoadError' || /loading (css )?chunk|failed to load/i.test(error.message);
  return (
    <Alert
      type="error"
      showIcon
      title={outdated ? t('problem.newVersion') : t('problem.other')}
      description={
        outdated ? undefined : (
          <>
            <div>{t('problemNext.other')}</div>
            <code>{error.message}</code>
          </>
        )
      }
      action={
        <Button size="small" onClick={outdated ? () => window.location.reload() : reset}>
          {outdated ? t('problem.reload') : t('problem.retry')}
        </Button>
      }
    />
  );
}
