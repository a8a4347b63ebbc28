import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import type { TFunction } from 'i18next';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/ui/hooks/use-address';
import { useKeys } from '@/ui/hooks/use-keys';
import { objectKeys } from './keys';
import { objectPath } from './path';
import { cameFrom, type Trail, trailTo } from './trail';

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
      <span className="quiet number">{placeIn(t, trail, at + 1)}</span>
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

/** The place on the page of the list that one came from. Only on a list of one page is it the place in the list. */
function placeIn(t: TFunction, { ids, total }: Trail, place: number): string {
  if (total === ids.length) return t('neighbours.place', { place, total });
  const onPage = t('neighbours.onPage', { place, count: ids.length });
  return total === undefined ? onPage : t('neighbours.ofTotal', { place: onPage, total });
}
