import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslation } from 'react-i18next';
import { useKeysOn } from '@/ui/hooks/keys-choice';
import { useAddress } from '@/ui/hooks/use-address';
import { useKeys } from '@/ui/hooks/use-keys';
import { objectPath } from './path';
import { trailTo } from './trail';

interface NeighboursProps {
  /** The list by its test ids, and the first part of the addresses of its objects. */
  list: string;
  path: string;
  id: string;
}

/** The objects before and after this one in the list that one came from, and the way back to it. */
export function Neighbours({ list, path, id }: NeighboursProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const tab = useAddress().get('tab');
  const isOn = useKeysOn();
  const trail = trailTo(list, id);
  const at = trail?.ids.indexOf(id) ?? -1;
  // The same tab of the other object: one compares, or looks for something.
  const pageOf = (other: string | undefined) =>
    other && objectPath(path, other) + (tab && `?tab=${encodeURIComponent(tab)}`);
  const ways = [
    { key: '[', words: t('neighbours.previous'), href: pageOf(trail?.ids[at - 1]), Icon: LeftOutlined },
    { key: ']', words: t('neighbours.next'), href: pageOf(trail?.ids[at + 1]), Icon: RightOutlined },
  ];
  // The way back from the page leads to the list, however many objects one went through.
  const bindings = ways.flatMap(({ key, href }) =>
    href ? [{ keys: [key], run: () => router.replace(href) }] : [],
  );
  useKeys(bindings, isOn);
  if (!trail) return null;
  return (
    <nav className="neighbours" aria-label={t('neighbours.title')} data-testid="neighbours">
      <Link href={trail.address} prefetch={false}>
        {t('neighbours.list')}
      </Link>
      <span className="quiet number">
        {t('neighbours.place', { place: at + 1, total: trail.ids.length })}
      </span>
      {ways.map(
        ({ key, words, href, Icon }) =>
          href && (
            <Link
              key={key}
              href={href}
              replace
              prefetch={false}
              aria-keyshortcuts={key}
              title={`${words} ${key}`}
            >
              <Icon aria-hidden="true" />
              <span className="for-readers">{words}</span>
            </Link>
          ),
      )}
    </nav>
  );
}
