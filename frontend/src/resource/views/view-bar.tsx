import { EllipsisOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Dropdown, type MenuProps, Tabs } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Arrangement } from '../columns/arrangement';
import type { FilterSpec } from '../list-parameters';
import { useCounts } from './counts';
import type { Views, ViewTab } from './use-views';
import { movedView, type View } from './view';
import { DeleteDialog, NameDialog } from './view-dialogs';

interface ViewBarProps {
  /** Prefix of the test ids. */
  name: string;
  views: Views;
  specs: readonly FilterSpec<never>[];
  /** How many rows the list has now; undefined while that is not known. */
  total: number | undefined;
  /** How the columns are arranged now; a new view begins with it. */
  columns?: Arrangement;
}

type Open = { kind: 'save' } | { kind: 'rename' | 'delete'; view: View } | null;

/** The views of a list as tabs with their counts, and what can be done with them. */
export function ViewBar({ name, views, specs, total, columns }: ViewBarProps) {
  const { t, i18n } = useTranslation();
  const { tabs, selected, query, isChanged, own, keep } = views;
  const number = new Intl.NumberFormat(i18n.language);
  const saved = tabs.filter(({ key }) => key !== 'unsaved');
  const countOf = useCounts(
    views.spec,
    specs,
    saved.map((tab) => tab.query),
  );
  const [open, setOpen] = useState<Open>(null);
  const [said, setSaid] = useState('');
  const bar = useRef<HTMLDivElement>(null);
  const menuButton = useRef<HTMLButtonElement>(null);
  // The button that opened the question goes with the view that is deleted.
  const givesFocus = useRef(false);
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
    tab?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    if (!givesFocus.current || selected.key !== views.spec.builtIn[0].id) return;
    givesFocus.current = false;
    tab?.focus();
  }, [selected.key, views.spec]);

  const label = (tab: ViewTab) => {
    const isSelected = tab === selected;
    // The list itself is more up to date.
    const count = isSelected && !isChanged ? (total ?? countOf(tab.query)) : countOf(tab.query);
    return (
      <>
        {tab.name}{' '}
        {count !== undefined && (
          <span className={tab.isTrouble && count > 0 ? 'view-count number bad-text' : 'view-count number'}>
            {number.format(count)}
          </span>
        )}
        {isSelected && isChanged && <span className="quiet view-changed">{t('views.changed')}</span>}
      </>
    );
  };

  const change = (view: View, how: Partial<View>, words: 'views.updated' | 'views.renamed') => {
    keep(own.map((one) => (one.id === view.id ? { ...one, ...how } : one)));
    setSaid(t(words, { name: how.name ?? view.name }));
  };
  const move = (view: View, step: 1 | -1) => {
    const next = movedView(own, view.id, step);
    keep(next);
    setSaid(t('views.moved', { name: view.name, place: next.indexOf(view) + 1, count: next.length }));
  };
  const save = (viewName: string) => {
    const view = { id: Date.now().toString(36), name: viewName, query, ...(columns && { columns }) };
    keep([...own, view]);
    views.open({ query, own: view });
    setSaid(t('views.saved', { name: viewName }));
  };
  const remove = (view: View) => {
    keep(own.filter(({ id }) => id !== view.id));
    views.open({ query: views.spec.builtIn[0].query });
    setSaid(t('views.deleted', { name: view.name }));
    givesFocus.current = true;
  };

  const ask = (kind: 'rename' | 'delete', view: View) => {
    // The dialog gives the focus back to what has it now, and the menu is about to go.
    menuButton.current?.focus();
    setOpen({ kind, view });
  };
  const menuOf = (view: View): MenuProps => {
    const place = own.indexOf(view);
    return {
      items: [
        ...(isChanged
          ? [
              {
                key: 'update',
                label: t('views.update'),
                onClick: () => change(view, { query }, 'views.updated'),
              },
              { key: 'revert', label: t('views.revert'), onClick: () => views.open(selected) },
            ]
          : []),
        { key: 'rename', label: t('views.rename'), onClick: () => ask('rename', view) },
        ...(place > 0 ? [{ key: 'earlier', label: t('views.earlier'), onClick: () => move(view, -1) }] : []),
        ...(place < own.length - 1
          ? [{ key: 'later', label: t('views.later'), onClick: () => move(view, 1) }]
          : []),
        {
          key: 'delete',
          danger: true,
          label: t('views.delete'),
          onClick: () => ask('delete', view),
        },
      ],
    };
  };

  return (
    <section className="views" aria-label={t('views.label')} data-testid={`${name}-views`}>
      <div ref={bar} className="view-tabs">
        <Tabs
          activeKey={selected.key}
          onChange={(key) => {
            const tab = tabs.find((one) => one.key === key);
            if (tab) views.open(tab);
          }}
          items={tabs.map((tab) => ({ key: tab.key, label: label(tab) }))}
        />
      </div>
      {selected.own && (
        <Dropdown menu={menuOf(selected.own)} trigger={['click']} placement="bottomRight">
          <Button
            ref={menuButton}
            type="text"
            icon={<EllipsisOutlined aria-hidden="true" />}
            aria-label={t('views.menu', { name: selected.name })}
            title={t('views.menu', { name: selected.name })}
            aria-haspopup="menu"
            data-testid={`${name}-view-menu`}
          />
        </Dropdown>
      )}
      <Button
        type="text"
        icon={<PlusOutlined aria-hidden="true" />}
        aria-label={t('views.save')}
        title={t('views.save')}
        onClick={() => setOpen({ kind: 'save' })}
        data-testid={`${name}-view-save`}
      >
        <span className="view-save-words">{t('views.save')}</span>
      </Button>
      <span className="for-readers" role="status">
        {said}
      </span>
      {open?.kind === 'save' && (
        <NameDialog
          title={t('views.saveTitle')}
          act={t('views.save')}
          initial=""
          withName={(viewName) => [...own, { id: '', name: viewName, query, columns }]}
          save={save}
          close={() => setOpen(null)}
        />
      )}
      {open?.kind === 'rename' && (
        <NameDialog
          title={t('views.renameTitle', { name: open.view.name })}
          act={t('views.rename')}
          initial={open.view.name}
          withName={(viewName) =>
            own.map((one) => (one.id === open.view.id ? { ...one, name: viewName } : one))
          }
          save={(viewName) => change(open.view, { name: viewName }, 'views.renamed')}
          close={() => setOpen(null)}
        />
      )}
      {open?.kind === 'delete' && (
        <DeleteDialog name={open.view.name} remove={() => remove(open.view)} close={() => setOpen(null)} />
      )}
    </section>
  );
}
