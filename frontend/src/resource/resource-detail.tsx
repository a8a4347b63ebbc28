import { Alert, Tabs } from 'antd';
import type { TFunction } from 'i18next';
import Link from 'next/link';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { TextKey } from '@/language/texts';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { useMedia } from '@/ui/hooks/use-media';
import { PageHead } from '@/ui/page-head';
import { Neighbours } from './neighbours';
import { useRemember } from './recent-slice';
import { useObjectId } from './use-object-id';
import { useTabKeys } from './use-tab-keys';

/** The page of one object, as data. */
export interface DetailSpec<Row> {
  /** Prefix of its test ids. */
  name: string;
  /** The first part of its address. */
  path: string;
  /** The list it is an entry of. */
  list: string;
  texts: { title: TextKey; missing: TextKey; gone: TextKey; goneShown: TextKey; toList: TextKey };
  nameOf: (row: Row) => string;
  /** What it is and where. */
  placeOf: (t: TFunction, row: Row) => string;
  State: ComponentType<{ row: Row }>;
  /** Why it is in this state. */
  Cause?: ComponentType<{ row: Row; isBrief: boolean }>;
  /** What is being done to it now. */
  Ongoing?: ComponentType<{ row: Row }>;
  /** What stands beside its first tab, and beside the others where there is room to spare. */
  Side?: ComponentType<{ row: Row }>;
  /** The first one is shown when the address names none. */
  tabs: readonly [Tab<Row>, ...Tab<Row>[]];
}

interface Tab<Row> {
  key: string;
  title: TextKey;
  /** Whether an object has it; without one each has. */
  isOf?: (row: Row) => boolean;
  /** Whether it has what stands beside the others. */
  isAlone?: boolean;
  Content: ComponentType<{ row: Row }>;
}

interface ResourceDetailProps<Row> {
  spec: DetailSpec<Row>;
  /** The last known state; null when the object never existed, undefined while that is not known yet. */
  row: Row | null | undefined;
  isGone: boolean;
  /** The end of an object that is gone; null when none was recorded, undefined while that is not known yet. */
  end: { name: string; facts: ReactNode } | null | undefined;
  /** What is known of an object that was requested and is not observed yet. */
  coming?: { name: string; facts: ReactNode } | null;
  error: unknown;
  retry: () => void;
  /** When it was read, in milliseconds. */
  asOf?: number;
  actions: ReactNode;
  /** What there is to show of an object that does not exist. */
  missing: ReactNode;
}

/** From here on there is room beside every tab. */
const ROOMY = '(min-width: 1800px)';

/** One object: its state, what can be done with it, and its tabs. The open tab is kept in the address. */
export function ResourceDetail<Row>({
  spec,
  row,
  isGone,
  end,
  coming,
  error,
  retry,
  asOf,
  actions,
  missing,
}: ResourceDetailProps<Row>) {
  const { t } = useTranslation();
  const address = useAddress();
  const id = useObjectId();
  const isRoomy = useMedia(ROOMY);
  const { path, texts, State, Cause, Ongoing, Side, tabs } = spec;
  const shown = row ? tabs.filter(({ isOf }) => isOf?.(row) ?? true) : [];
  useTabKeys(shown.map(({ key }) => key));
  useRemember(
    id,
    row ? { path, name: spec.nameOf(row), place: spec.placeOf(t, row) } : null,
    isGone || row === null,
  );
  const toList = (
    <Link href={spec.list} prefetch={false}>
      {t(texts.toList)}
    </Link>
  );
  const neighbours = (
    // Where there is no object, the page itself names the list.
    <Neighbours list={spec.name} path={path} id={id} toList={row ? toList : null} />
  );
  const problem = error ? (
    <Problem error={error as GraphqlError} retry={retry} asOf={row ? asOf : undefined} />
  ) : null;

  if (!row) {
    return (
      <>
        {neighbours}
        <PageHead title={coming?.name ?? end?.name ?? t(texts.title)} />
        {problem}
        {coming && (
          <section className="panel" data-testid={`${spec.name}-coming`}>
            {coming.facts}
          </section>
        )}
        {!error && !coming && (row === undefined || end === undefined) && <Loading retry={retry} />}
        {row === null && !coming && end !== undefined && (
          <>
            <section className="panel" data-testid={`${spec.name}-${end ? 'gone' : 'missing'}`}>
              <Empty text={t(end ? texts.gone : texts.missing)}>
                {end?.facts}
                {toList}
              </Empty>
            </section>
            {missing}
          </>
        )}
      </>
    );
  }

  const [first] = tabs;
  const open = shown.find(({ key }) => key === address.get('tab')) ?? first;
  return (
    <>
      {neighbours}
      <PageHead
        title={spec.nameOf(row)}
        beside={
          <>
            <span className="quiet">{spec.placeOf(t, row)}</span>
            {!isGone && (
              <p className="state-line" data-testid="detail-state">
                <State row={row} />
              </p>
            )}
          </>
        }
      >
        {!isGone && actions && <div className="object-actions">{actions}</div>}
      </PageHead>
      {problem}
      <div className="detail">
        <div className="detail-main">
          {isGone ? (
            <Alert
              type="info"
              showIcon
              data-testid={`${spec.name}-gone`}
              title={t(texts.gone)}
              description={
                <>
                  {end?.facts}
                  {t(texts.goneShown)}
                </>
              }
              action={toList}
            />
          ) : (
            <div className={open === first ? 'stack' : 'brief'}>
              {Cause && <Cause row={row} isBrief={open !== first} />}
              {Ongoing && <Ongoing row={row} />}
            </div>
          )}
          <Tabs
            activeKey={open.key}
            onChange={(key) => address.set({ tab: key === first.key ? null : key }, 'push')}
            destroyOnHidden
            items={shown.map(({ key, title, Content }) => ({
              key,
              label: t(title),
              children: <Content row={row} />,
            }))}
          />
        </div>
        {Side && !open.isAlone && (open === first || isRoomy) && (
          <div className="detail-side">
            <Side row={row} />
          </div>
        )}
      </div>
    </>
  );
}
