import { DesktopOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { type GraphqlError, isOutage } from '@/graphql/error';
import { useLogoutMutation } from '@/session/api';
import { signedOut, useSession } from '@/session/session-slice';
import { toast } from '@/ui/feedback/toast';
import { choices } from '@/ui/preferences/choices';
import { usePrefer, usePreference } from '@/ui/preferences/preferences-slice';

const themeIcons = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };

export function ThemeSwitch() {
  const { t } = useTranslation();
  const choice = usePreference('theme');
  const prefer = usePrefer();
  const next = choices.theme[(choices.theme.indexOf(choice) + 1) % choices.theme.length] ?? 'system';
  const label = t('shell.theme', {
    current: t(`preferences.theme.${choice}`),
    next: t(`preferences.theme.${next}`),
  });
  return (
    <Button
      type="text"
      icon={themeIcons[choice]}
      aria-label={label}
      title={label}
      data-testid="theme"
      onClick={() => prefer({ theme: next })}
    />
  );
}

export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const prefer = usePrefer();
  const chinese = i18n.language === 'zh-CN';
  // Named in the language that it switches to, for readers who do not understand the current one.
  return (
    <Button
      type="text"
      lang={chinese ? 'en' : 'zh-CN'}
      data-testid="language"
      onClick={() => prefer({ language: chinese ? 'en' : 'zh-CN' })}
    >
      {chinese ? 'English' : '中文'}
    </Button>
  );
}

export function SignOut() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const viewer = useSession().session?.viewer;
  const [logout, { isLoading }] = useLogoutMutation();
  const label = t('shell.signOut', { name: viewer?.displayName ?? '' });

  const leave = async () => {
    const { error } = await logout();
    // Without an answer this browser keeps its cookie, and with it the session.
    if (error && isOutage(error as GraphqlError)) toast({ text: t('shell.stillSignedIn'), tone: 'bad' });
    else dispatch(signedOut());
  };
  return (
    <Button
      type="text"
      icon={<LogoutOutlined />}
      loading={isLoading}
      aria-label={label}
      title={label}
      data-testid="sign-out"
      onClick={leave}
    />
  );
}
