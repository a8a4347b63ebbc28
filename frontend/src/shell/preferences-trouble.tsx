import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDispatch, useSelector } from 'react-redux';
import { troubled, type WithPreferences } from '@/ui/preferences/preferences-slice';

/** Says that the server does not have the preferences that hold here, and what becomes of them. */
export function PreferencesTrouble() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const trouble = useSelector(({ preferences }: WithPreferences) => preferences.trouble);
  if (!trouble) return null;
  const done = () => void dispatch(troubled(null));
  if (trouble.kind === 'refused') {
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        data-testid="preferences-trouble"
        title={t('preferences.refused')}
        description={<code>{trouble.message}</code>}
        closable={{ onClose: done, 'aria-label': t('toast.close') }}
      />
    );
  }
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      data-testid="preferences-trouble"
      title={t(`preferences.${trouble.kind}`)}
      action={
        <Button size="small" onClick={done}>
          {t('problem.retry')}
        </Button>
      }
    />
  );
}
