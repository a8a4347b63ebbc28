import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type MouseEvent, type ReactNode, useRef, useState } from 'react';

interface SectionProps {
  title: string;
  /** What is in it while it is folded. */
  summary?: string;
  isOpen?: boolean;
  /** Whether its fields are short, so that two of them stand beside each other. */
  isPaired?: boolean;
  children: ReactNode;
  testId: string;
}

/** A part of the form that folds. */
export function Section({ title, summary, isOpen = false, isPaired, children, testId }: SectionProps) {
  // Whether it is open later is up to the reader.
  const [wasOpen] = useState(isOpen);
  return (
    <details className="form-section" open={wasOpen} data-testid={testId}>
      <summary>
        <strong>{title}</strong> {summary && <span className="quiet">{summary}</span>}
      </summary>
      <div className={isPaired ? 'form-fields form-pairs' : 'form-fields'}>{children}</div>
    </details>
  );
}

interface RowsProps {
  /** Of the button that adds an entry. */
  id?: string;
  text: string;
  add: () => void;
  children: ReactNode;
}

/** The entries of a list. The focus goes to what was added, and to the button after something was taken away. */
export function Rows({ id, text, add, children }: RowsProps) {
  const rows = useRef<HTMLUListElement>(null);
  const addAndEnter = () => {
    add();
    requestAnimationFrame(() => rows.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  };
  return (
    <div className="form-list">
      <ul ref={rows}>{children}</ul>
      <AddButton id={id} text={text} add={addAndEnter} />
    </div>
  );
}

interface RowProps {
  label: string;
  error?: string | null;
  removal: string;
  remove: () => void;
  children: ReactNode;
}

/** One entry of a list: its fields, and what takes it away. */
export function Row({ label, error, removal, remove, children }: RowProps) {
  const leaveAndRemove = ({ currentTarget }: MouseEvent) => {
    currentTarget.closest('.form-list')?.querySelector<HTMLElement>('.form-add')?.focus();
    remove();
  };
  return (
    <li aria-label={label}>
      <div className="form-row">
        {children}
        <Button
          icon={<DeleteOutlined aria-hidden="true" />}
          aria-label={removal}
          title={removal}
          onClick={leaveAndRemove}
        />
      </div>
      {error && (
        <div className="bad-text" role="alert">
          {error}
        </div>
      )}
    </li>
  );
}

export function AddButton({ id, text, add }: { id?: string; text: string; add: () => void }) {
  return (
    <div>
      <Button id={id} className="form-add" icon={<PlusOutlined aria-hidden="true" />} onClick={add}>
        {text}
      </Button>
    </div>
  );
}
