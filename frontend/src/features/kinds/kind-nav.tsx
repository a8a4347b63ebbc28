import {
  ApartmentOutlined,
  AppstoreOutlined,
  ClusterOutlined,
  CodeSandboxOutlined,
  ControlOutlined,
  DatabaseOutlined,
  KeyOutlined,
  LockOutlined,
  RightOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { partsOf } from '@/features/causes/place';
import { useHasSeveral } from '@/features/clusters/api';
import { idOfPath } from '@/resource/path';
import { useAddress } from '@/ui/hooks/use-address';
import { type Kind, useClusterOfKinds, useKinds } from './api';
import { kindHref, type Place } from './href';
import { type KindSection, type Section, sectionsOf, sumOf, titleOf, wordsOf } from './sections';

const icons: Record<Section, ReactNode> = {
  workloads: <AppstoreOutlined aria-hidden="true" />,
  network: <ApartmentOutlined aria-hidden="true" />,
  configuration: <ControlOutlined aria-hidden="true" />,
  storage: <DatabaseOutlined aria-hidden="true" />,
  access: <KeyOutlined aria-hidden="true" />,
  nodes: <ClusterOutlined aria-hidden="true" />,
  custom: <CodeSandboxOutlined aria-hidden="true" />,
};

/** What of the page the links need. */
interface OfPage {
  /** The kind that it is about. */
  current: string;
  place: Place;
  /** Why kinds may not be read, by their ids. */
  locked: ReadonlyMap<string, string>;
}

/** The kinds that a cluster serves by group, each with its count and the way to its list. */
export function KindNav() {
  const { t } = useTranslation();
  const { get } = useAddress();
  const current = useKindOfPage();
  const cluster = useClusterOfKinds();
  const hasSeveral = useHasSeveral();
  const { data, isError, refetch } = useKinds(cluster?.id);
  if (!cluster) return null;
  const page: OfPage = {
    current,
    place: { cluster: hasSeveral ? cluster.id : undefined, namespaces: get('ns') },
    locked: new Map(cluster.unreadable.map(({ kind, message }) => [kind, message])),
  };
  return (
    <section className="kinds" aria-label={t('kinds.of', { cluster: cluster.name })} data-testid="kinds">
      <p className="kinds-cluster quiet">{cluster.name}</p>
      {isError && !data && (
        <p className="kinds-cluster quiet">
          {t('kinds.unread')}{' '}
          <Button type="link" size="small" onClick={() => void refetch()}>
            {t('problem.retry')}
          </Button>
        </p>
      )}
      {sectionsOf(data ?? []).map((one) => (
        <SectionOfKinds key={one.section} of={one} page={page} />
      ))}
    </section>
  );
}

/** The kind that the page is about: of its list or of its object. */
function useKindOfPage(): string {
  const pathname = usePathname();
  const { get } = useAddress();
  return pathname === '/objects' ? get('kind') : partsOf(idOfPath(pathname)).kind;
}

interface SectionProps {
  of: KindSection;
  page: OfPage;
}

function SectionOfKinds({ of: { section, kinds, groups }, page }: SectionProps) {
  const { t } = useTranslation();
  return (
    <Fold title={t(`kinds.section.${section}`)} icon={icons[section]} kinds={kinds} page={page}>
      {groups.length === 0 ? (
        <Links kinds={kinds} page={page} />
      ) : (
        groups.map(({ name, kinds }) => (
          <Fold key={name} title={name} kinds={kinds} page={page}>
            <Links kinds={kinds} page={page} />
          </Fold>
        ))
      )}
    </Fold>
  );
}

interface FoldProps {
  title: string;
  icon?: ReactNode;
  kinds: readonly Kind[];
  page: OfPage;
  children: ReactNode;
}

/** Open where the kind of the page is in it, and as the reader wants. */
function Fold({ title, icon, kinds, page, children }: FoldProps) {
  return (
    <details className="kind-fold" open={kinds.some(({ id }) => id === page.current)}>
      <summary className="kind">
        <RightOutlined className="kind-mark" aria-hidden="true" />
        {icon}
        <span className="kind-title">{title}</span>
        <Count {...sumOf(kinds)} />
      </summary>
      {children}
    </details>
  );
}

interface LinksProps {
  kinds: readonly Kind[];
  page: OfPage;
}

function Links({ kinds, page }: LinksProps) {
  const { t } = useTranslation();
  return (
    <ul>
      {kinds.map((kind) => {
        const locked = page.locked.get(kind.id);
        return (
          <li key={kind.id}>
            <Link
              href={kindHref(kind, page.place)}
              prefetch={false}
              className="kind"
              title={locked ?? kind.id}
              aria-current={kind.id === page.current ? 'page' : undefined}
              data-testid={`kind-${kind.id}`}
            >
              <span className="kind-title">
                <Breakable title={titleOf(kind)} />
              </span>
              {locked ? (
                <>
                  <LockOutlined aria-hidden="true" />
                  <span className="for-readers">{t('kinds.locked')}</span>
                </>
              ) : (
                <Count count={kind.count ?? 0} problems={kind.problems ?? 0} />
              )}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** A long title breaks between its words. It stays one word to a screen reader. */
function Breakable({ title }: { title: string }) {
  return wordsOf(title).map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a title may have a word twice
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}

/** Nothing where there is nothing. */
function Count({ count, problems }: { count: number; problems: number }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const trouble = t('kinds.problems', { count: problems });
  return (
    <>
      {problems > 0 && (
        <span className="bad-text" title={trouble}>
          <span aria-hidden="true">
            <WarningOutlined /> {number.format(problems)}
          </span>
          <span className="for-readers">{trouble}</span>
        </span>
      )}
      {count > 0 && <span className="kind-count">{number.format(count)}</span>}
    </>
  );
}
