import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  PushpinFilled,
  PushpinOutlined,
  TableOutlined,
} from '@ant-design/icons';
import { Button, Checkbox } from 'antd';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextKey } from '@/language/texts';
import {
  type Arrangement,
  AS_GIVEN,
  isShown,
  moved,
  ordered,
  pinnedOrNot,
  shownOrHidden,
  withLeftOut,
} from './arrangement';
import { type ColumnKey, type DrawnColumns, type TitledColumn, useColumnTitle } from './column-title';

interface ColumnMenuProps {
  /** Prefix of the test ids. */
  name: string;
  columns: readonly TitledColumn[];
  arrangement: Arrangement;
  arrange: (next: Arrangement) => void;
  /** Those that the list leaves out by itself. */
  leftOut?: readonly TextKey[];
  /** Null until the table is drawn. */
  drawn?: DrawnColumns | null;
}

/** Which columns a list has, in which order, and which stay in view. Alt with an arrow key moves the one in focus. */
export function ColumnMenu({
  name,
  columns: known,
  arrangement,
  arrange,
  leftOut = [],
  drawn,
}: ColumnMenuProps) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [said, setSaid] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLFieldSetElement>(null);
  // A control that moves with its row loses the focus on the way.
  const focused = useRef<HTMLElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new arrangement may have moved it
  useEffect(() => {
    focused.current?.focus();
    focused.current = null;
  }, [arrangement]);

  const columns = known.filter(({ title }) => drawn?.given.includes(title) ?? true);
  const all = ordered(columns, arrangement);
  const wanted = withLeftOut(arrangement, leftOut);
  const isCramped = (title: ColumnKey) =>
    Boolean(drawn) && isShown(columns, wanted, title) && !drawn?.fitting.includes(title);
  const move = (title: ColumnKey, step: 1 | -1) => {
    const next = moved(columns, arrangement, title, step);
    if (next === arrangement) return;
    focused.current = document.activeElement as HTMLElement;
    arrange(next);
    const shown = ordered(columns, next);
    const place = shown.findIndex((column) => column.title === title);
    const column = shown[place];
    if (column) setSaid(t('columns.moved', { column: titleOf(column), place: place + 1, count: all.length }));
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      setIsOpen(false);
      button.current?.focus();
    }
    const title = (event.target as HTMLElement).closest<HTMLElement>('[data-column]')?.dataset.column;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined;
    if (event.altKey && title && step) {
      event.preventDefault();
      move(title as ColumnKey, step);
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens to the keys of the controls in it
    <div
      className="column-menu"
      onKeyDown={press}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) setIsOpen(false);
      }}
    >
      <Button
        ref={button}
        icon={<TableOutlined aria-hidden="true" />}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
        data-testid={`${name}-columns`}
      >
        {t('columns.title')}
      </Button>
      {isOpen && (
        <fieldset ref={panel} id={id} className="column-panel" aria-label={t('columns.title')}>
          <ul>
            {all.map((one) => {
              const { title } = one;
              const isPinned = arrangement.pinned.includes(title);
              const column = { column: titleOf(one) };
              return (
                <li key={title} data-column={title} className="column-line">
                  {title === columns[0]?.title ? (
                    <span className="grow">{column.column}</span>
                  ) : (
                    <Checkbox
                      className="grow"
                      checked={isShown(columns, wanted, title) && !isCramped(title)}
                      disabled={isCramped(title)}
                      onChange={() => arrange(shownOrHidden(arrangement, title, leftOut))}
                    >
                      {column.column}
                      {isCramped(title) && ' '}
                      {isCramped(title) && <span className="quiet column-note">{t('columns.cramped')}</span>}
                    </Checkbox>
                  )}
                  <Tool label={t('columns.earlier', column)} act={() => move(title, -1)}>
                    <ArrowUpOutlined aria-hidden="true" />
                  </Tool>
                  <Tool label={t('columns.later', column)} act={() => move(title, 1)}>
                    <ArrowDownOutlined aria-hidden="true" />
                  </Tool>
                  <Tool
                    label={t('columns.pin', column)}
                    isPressed={isPinned}
                    act={() => arrange(pinnedOrNot(arrangement, title))}
                  >
                    {isPinned ? <PushpinFilled aria-hidden="true" /> : <PushpinOutlined aria-hidden="true" />}
                  </Tool>
                </li>
              );
            })}
          </ul>
          <Button size="small" onClick={() => arrange(AS_GIVEN)} data-testid={`${name}-columns-reset`}>
            {t('columns.reset')}
          </Button>
        </fieldset>
      )}
      <span className="for-readers" role="status">
        {said}
      </span>
    </div>
  );
}

interface ToolProps {
  label: string;
  isPressed?: boolean;
  act: () => void;
  children: React.ReactNode;
}

function Tool({ label, isPressed, act, children }: ToolProps) {
  return (
    <button
      type="button"
      className="plain-button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      onClick={act}
    >
      {children}
    </button>
  );
}
