'use client';

import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  CloseOutlined,
} from '@ant-design/icons';
import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { forgetWithPerson } from '../hooks/on-device';

const shapes = { good: CheckCircleOutlined, busy: ClockCircleOutlined, bad: CloseCircleOutlined };

export interface Toast {
  text: string;
  /** What is bad stays until it is closed. */
  tone: keyof typeof shapes;
  /** The page that says more. */
  href?: string;
}

const SHOWN_MS = 6_000;

let toasts: readonly Toast[] = [];
const listeners = new Set<() => void>();
const none: readonly Toast[] = [];

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

// A failure names its object, and would stay until it is closed.
forgetWithPerson(() => change([]));

const remove = (one: Toast) => change(toasts.filter((other) => other !== one));

/** Says what became of the reader's own action. What others do is in the tray. */
export function toast(one: Toast) {
  // A newer word on success replaces the one before. A failure waits below it.
  change([...toasts.filter(({ tone }) => tone === 'bad'), one]);
  if (one.tone !== 'bad') setTimeout(() => remove(one), SHOWN_MS);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** One toast at a time: the newest. */
export function Toasts() {
  const newest = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => none,
  ).at(-1);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {newest && <ToastBox toast={newest} close={() => remove(newest)} />}
    </div>
  );
}

export function ToastBox({ toast: { text, tone, href }, close }: { toast: Toast; close: () => void }) {
  const { t } = useTranslation();
  const Shape = shapes[tone];
  return (
    <div className={`toast toast-${tone}`} data-testid="toast">
      <Shape aria-hidden="true" />
      <span className="grow">{text}</span>
      {href && (
        <Link href={href} prefetch={false} onClick={close}>
          {t('toast.open')}
        </Link>
      )}
      <button type="button" className="plain-button" aria-label={t('toast.close')} onClick={close}>
        <CloseOutlined aria-hidden="true" />
      </button>
    </div>
  );
}
