import { Tooltip } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { causeParts, lettersOf } from './cause-parts';

interface StateCauseProps {
  /** The word of the state, as it stands in its tag. */
  state: string;
  /** Why, beside it. */
  cause?: string | null;
  /** Of the cell that both stand in, in pixels. */
  width?: number;
  /** Whether it is a cell of a narrow table. */
  isNarrow?: boolean;
  /** The workload that the cause is about: its pods begin with its name. */
  workload?: string;
  /** The tag of the state. */
  children: ReactNode;
}

/** The tag of a state, and its cause. Apart from the tag: the first page has no use for the script of a tooltip. */
export function StateCause({ state, cause, width, isNarrow = false, workload, children }: StateCauseProps) {
  if (!cause) return children;
  return (
    <span className="state-and-cause">
      {children}
      <Cause text={cause} most={width ? lettersIn(width, state, isNarrow) : LETTERS} workload={workload} />
    </span>
  );
}

/** As much of a cause as is shown where the room for it is not known. */
const LETTERS = 34;
/** In pixels: of a letter, and of what a state has around its word and its cell around both. */
const LETTER = 6;
const AROUND = 62;
/** Lines do not end where words do. */
const FILLED = 0.85;
/** A narrower cell has no room for both beside each other: on a phone, the cause stands below. */
const BESIDE = 260;
const CELL_PADDING = 20;

const lettersIn = (width: number, state: string, isNarrow: boolean) =>
  isNarrow && width < BESIDE ? lettersBelow(width) : lettersBeside(state, width);

/** How many letters of a cause three lines below its state hold. */
export function lettersBelow(width: number): number {
  return Math.max(LETTERS, Math.floor((3 * FILLED * (width - CELL_PADDING)) / LETTER));
}

/** How many letters of a cause two lines beside a state hold, in a cell of so many pixels. */
export function lettersBeside(state: string, width: number): number {
  return Math.max(LETTERS, Math.floor((2 * FILLED * (width - AROUND - LETTER * lettersOf(state))) / LETTER));
}

/** A long name may go on in the next line after each slash. */
function breakable(text: string): ReactNode {
  let at = 0;
  return text.split('/').map((part) => {
    const isFirst = at === 0;
    at += part.length + 1;
    return (
      <Fragment key={at}>
        {!isFirst && '/'}
        {!isFirst && <wbr />}
        {part}
      </Fragment>
    );
  });
}

interface CauseProps {
  text: string;
  most: number;
  workload?: string;
}

/** A cause on a few lines of a row. It is whole in its tooltip, to a screen reader, and when it is copied. */
function Cause({ text, most, workload }: CauseProps) {
  let at = 0;
  return (
    <Tooltip title={text} trigger={['hover', 'focus']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to get at what does not fit */}
      <span className="state-cause" tabIndex={0}>
        {causeParts(text, most, workload).map((part) => {
          at += part.text.length;
          return (
            <Fragment key={at}>
              {part.left ? (
                <span className={`left-out left-${part.left}`}>{part.text}</span>
              ) : (
                breakable(part.text)
              )}
            </Fragment>
          );
        })}
      </span>
    </Tooltip>
  );
}
