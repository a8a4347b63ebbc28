'use client';

import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { componentLocale, speak } from '@/language/language';
import { useKeepSession } from '@/session/keep-session';
import { renewSession } from '@/session/renew';
import { useSession } from '@/session/session-slice';
import { useHasPreferences } from '@/session/sync-preferences';
import { store } from '@/store';
import { Problem } from '@/ui/feedback/problem';
import { Toasts } from '@/ui/feedback/toast';
import { choiceOf, usePreference } from '@/ui/preferences/preferences-slice';
import { Themed } from '@/ui/theme';
import { awaitPages } from './await-pages';
import { Shell } from './shell';

// The words are loaded beside the page.
if (typeof window !== 'undefined') void speak(choiceOf(store.getState(), 'language'));
if (typeof window !== 'undefined') window.fetch = awaitPages(window.fetch.bind(window));

interface GuardProps {
  /** What stands there until the content can be drawn. */
  outline: ReactNode;
  children: ReactNode;
}

/** The exported pages hold only the outline. Their content is drawn once language, theme and session are loaded. */
export function SessionGuard({ outline, children }: GuardProps) {
  const [spoken, setSpoken] = useState<string | null>(null);
  useKeepSession();
  const language = usePreference('language');
  useEffect(() => {
    void speak(language).then(() => setSpoken(language));
  }, [language]);
  if (!spoken) return <Before outline={outline} />;
  return (
    <Ready isSpoken={spoken === language} outline={outline}>
      {children}
    </Ready>
  );
}

interface ReadyProps extends GuardProps {
  /** Whether the words of the chosen language are loaded. */
  isSpoken: boolean;
}

function Ready({ children, ...guard }: ReadyProps) {
  // Renders again when the language changes, and with it Ant Design's own words.
  useTranslation();
  return (
    <Themed locale={componentLocale}>
      <Admitted {...guard}>{children}</Admitted>
      <Toasts />
    </Themed>
  );
}

function Admitted({ isSpoken, outline, children }: ReadyProps) {
  const { status, hasLeft } = useSession();
  const hasPreferences = useHasPreferences();
  const dispatch = useDispatch();
  const router = useRouter();
  const pathname = usePathname();
  const signIn = pathname === '/sign-in';
  // Left out of the exported site, as the page is: it shows invented data, and needs no server.
  const isGallery = process.env.NODE_ENV === 'development' && pathname === '/components';

  useEffect(() => {
    if (status === 'signed-out' && !signIn && !isGallery) {
      // Where a person was is not for the next one to read.
      const wanted = hasLeft ? '/' : window.location.pathname + window.location.search;
      router.replace(wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`);
    }
    // The first page is drawn in the language and the theme of the person.
    if (status === 'signed-in' && signIn && hasPreferences && isSpoken) router.replace(wantedPage());
  }, [status, hasLeft, hasPreferences, isSpoken, signIn, isGallery, router]);

  if (isGallery) return children;

  if (status === 'unreachable') {
    return (
      <main className="alone">
        <Problem error={{ code: 'UNAVAILABLE', message: '' }} retry={() => void renewSession(dispatch)} />
      </main>
    );
  }
  if (status === 'signed-out' && signIn) return children;
  if (status === 'signed-in' && !signIn && hasPreferences) return <Shell>{children}</Shell>;
  return <Before outline={outline} />;
}

/** Only a path of this origin: anything else would make the sign-in page an open redirect. */
export function wantedPage(search = window.location.search): string {
  const wanted = new URLSearchParams(search).get('next') ?? '/';
  const url = URL.parse(wanted, window.location.origin);
  // Dots can leave a path that begins with two slashes, which is another host.
  const isOurs = url?.origin === window.location.origin && /^\/(?!\/)/.test(url.pathname);
  return wanted.startsWith('/') && isOurs && url.pathname !== '/sign-in' ? url.pathname + url.search : '/';
}

/** Whoever signs in has no navigation yet. */
function Before({ outline }: Pick<GuardProps, 'outline'>) {
  return <div className={usePathname() === '/sign-in' ? 'before-sign-in' : undefined}>{outline}</div>;
}
