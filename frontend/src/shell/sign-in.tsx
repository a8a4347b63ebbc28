'use client';

import { Alert, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import type { GraphqlError } from '@/graphql/error';
import { useLoginMutation } from '@/session/api';
import { signedIn, useSession } from '@/session/session-slice';
import { errorLine } from '@/ui/feedback/error-words';
import { useTitle } from '@/ui/hooks/use-title';
import { Mark } from './mark';
import { LanguageSwitch, ThemeSwitch } from './switches';

export function SignIn() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  useTitle(t('signIn.title'));
  const { hasEnded } = useSession();
  const [login, { isLoading }] = useLoginMutation();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [asksCode, setAsksCode] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '');
    const input = { username: text('username'), password: text('password'), code: text('code') || null };
    const { data, error } = await login({ input });
    if (data?.__typename === 'Session') {
      const { accessToken, expiresAt, viewer } = data;
      dispatch(signedIn({ accessToken, expiresAt, viewer }));
    } else if (data) {
      setAsksCode((asks) => asks || data.code === 'CODE_REQUIRED');
      setRefusal(t(`loginRefusal.${data.code}`));
    } else {
      setRefusal(errorLine(t, error as GraphqlError));
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-pitch">
        <p className="brand">
          <Mark />
          <span>Binnacle</span>
        </p>
        <div>
          <p className="sign-in-headline">{t('signIn.headline')}</p>
          <p>{t('signIn.promise')}</p>
        </div>
      </div>
      <form onSubmit={submit} aria-label={t('signIn.title')}>
        <h1>{t('signIn.title')}</h1>
        <p className="quiet">{window.location.host}</p>
        <label htmlFor="username">{t('signIn.username')}</label>
        <Input
          size="large"
          id="username"
          name="username"
          autoComplete="username"
          required
          autoFocus
          data-testid="username"
        />
        <label htmlFor="password">{t('signIn.password')}</label>
        <Input.Password
          size="large"
          id="password"
          name="password"
          autoComplete="current-password"
          required
          data-testid="password"
        />
        {asksCode && (
          <>
            <label htmlFor="code">{t('signIn.code')}</label>
            <Input
              size="large"
              id="code"
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              data-testid="code"
            />
          </>
        )}
        {hasEnded && !refusal && (
          <Alert
            type="info"
            showIcon
            title={t('problem.UNAUTHENTICATED')}
            description={t('signIn.back')}
            data-testid="session-ended"
          />
        )}
        {refusal && <Alert type="error" showIcon title={refusal} data-testid="sign-in-refusal" />}
        <Button type="primary" size="large" htmlType="submit" block loading={isLoading} data-testid="sign-in">
          {t('signIn.submit')}
        </Button>
        <div className="sign-in-switches">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </form>
    </main>
  );
}
