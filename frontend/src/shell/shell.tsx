'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PagePlace } from '@/features/clusters/page-place';
import { Stripe } from '@/features/clusters/stripe';
import { Unreachable } from '@/features/clusters/unreachable';
import { Unreadable } from '@/features/clusters/unreadable';
import { WITH_KINDS } from '@/features/kinds/with-kinds';
import { OpenOperation } from '@/features/operations/open-operation';
import { OperationsTray } from '@/features/operations/tray';
import { useKinds } from '@/features/operations/use-kinds';
import { useMedia } from '@/ui/hooks/use-media';
import { ConnectionPill } from './connection-pill';
import { Find } from './find/find';
import { Keys } from './keys';
import { LaggingLists } from './lagging-lists';
import { Mark } from './mark';
import { Opening } from './opening';
import { Outage } from './outage';
import { places } from './places';
import { Preferences } from './preferences';
import { PreferencesTrouble } from './preferences-trouble';
import { LanguageSwitch, SignOut, ThemeSwitch } from './switches';
import { type PlaceCount, usePlaceCounts } from './use-place-counts';

/** The first page is drawn without them. */
const KindNav = dynamic(() => import('@/features/kinds/kind-nav').then((module) => module.KindNav), {
  ssr: false,
});

const PlacePickers = dynamic(
  () => import('@/features/kinds/place-pickers').then((module) => module.PlacePickers),
  { ssr: false },
);

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const pathname = usePathname();
  const counts = usePlaceCounts();
  useKinds();
  const hasKinds = useMedia(WITH_KINDS);
  const titleOf = (place: string, count: PlaceCount | undefined) =>
    count ? t('placeCount.title', { place, words: count.words }) : place;
  return (
    <>
      <Stripe />
      <div className="shell">
        <a className="skip" href="#content">
          {t('shell.skip')}
        </a>
        <nav className="rail" aria-label={t('shell.navigation')}>
          <Link href="/" className="brand" prefetch={false}>
            <Mark />
            <span>Binnacle</span>
          </Link>
          {places.map(({ path, name, icon }) => (
            <Link
              key={path}
              href={path}
              prefetch={false}
              className="place"
              title={titleOf(t(`shell.${name}`), counts[name])}
              data-testid={`nav-${name}`}
              aria-current={isWithin(pathname, path) ? 'page' : undefined}
            >
              {icon}
              <span>{t(`shell.${name}`)}</span>
              {counts[name] && (
                <span className={name === 'overview' ? 'place-count bad-text' : 'place-count'}>
                  {counts[name].shown}
                </span>
              )}
            </Link>
          ))}
          {hasKinds && <KindNav />}
        </nav>
        <div className="page">
          <header className="bar">
            <ConnectionPill />
            <PagePlace />
            {hasKinds && <PlacePickers />}
            <span className="grow" />
            <Find />
            <OperationsTray />
            <Keys />
            <ThemeSwitch />
            <LanguageSwitch />
            <Preferences />
            <SignOut />
          </header>
          <main id="content" tabIndex={-1}>
            {/* The list of clusters says it itself. */}
            {pathname !== '/clusters' && (
              <>
                <Unreachable />
                <Unreadable />
              </>
            )}
            <LaggingLists />
            <PreferencesTrouble />
            <Outage>
              <Opening />
              {children}
            </Outage>
          </main>
          <OpenOperation />
        </div>
      </div>
    </>
  );
}

function isWithin(pathname: string, path: string) {
  return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
}
