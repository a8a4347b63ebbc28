import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/ui/hooks/use-address';
import { useKeys } from '@/ui/hooks/use-keys';
import { objectKeys } from './keys';
import { objectPath } from './path';
import { cameFrom, trailTo } from './trail';

interface NeighboursProps {
  /** The list by its test ids, and the first part of the addresses of its objects. */
  list: string;
  path: string;
  id: string;
  /** The way to the list for whoever came from no other page. */
  toList: ReactNode;
}

/** The way back, and in the list that one came from the objects before and after this one. */
export function Neighbours({ list, path, id, toList }: NeighboursProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const tab = useAddress().get('tab');
  const trail = trailTo(list, id);
  const at = trail?.ids.indexOf(id) ?? -1;
  // The address is that of this page only after it is drawn.
  const [from, setFrom] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another object may have been reached from another page
  useLayoutEffect(() => setFrom(cameFrom()), [id]);
  // The same tab of the other object: one compares, or looks for something.
  const pageOf = (other: string | undefined) =>
    other && objectPath(path, other) + (tab && `?tab=${encodeURIComponent(tab)}`);
  const ways = [
    { ...objectKeys.previous, href: pageOf(trail?.ids[at - 1]), Icon: LeftOutlined },
    { ...objectKeys.next, href: pageOf(trail?.ids[at + 1]), Icon: RightOutlined },
  ];
  // The way back from the page leads to the list, however many objects one went through.
  const bindings = ways.flatMap(({ keys, href }) =>
    href ? [{ keys, run: () => router.replace(href) }] : [],
  );
  useKeys(bindings);
  if (!trail) {
    const way = from ? (
      <Link href={from} prefetch={false}>
        {t('neighbours.back')}
      </Link>
    ) : (
      toList
    );
    return way ? (
      <nav className="neighbours" aria-label={t('neighbours.way')} data-testid="way-back">
        {way}
      </nav>
    ) : null;
  }
  return (
    <nav className="neighbours" aria-label={t('neighbours.title')} data-testid="neighbours">
      <Link href={trail.address} prefetch={false}>
        {t('neighbours.list')}
      </Link>
      <span className="quiet number">
        {t('neighbours.place', { place: at + 1, total: trail.ids.length })}
      </span>
      {ways.map(
        ({ keys: [key], words, href, Icon }) =>
          href && (
            <Link
              key={key}
              href={href}
              replace
              prefetch={false}
              aria-keyshortcuts={key}
              title={`${t(words)} ${key}`}
            >
              <Icon aria-hidden="true" />
              <span className="for-readers">{t(words)}</span>
            </Link>
          ),
      )}
    </nav>
  );
}
