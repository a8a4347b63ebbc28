import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  PauseCircleOutlined,
  QuestionCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import { Tooltip } from 'antd';
import { Fragment, type ReactNode } from 'react';

/** Trouble and what moves is filled, what is healthy is plain, and what is not known has a dashed edge. */
const shapes = {
  bad: CloseCircleOutlined,
  warn: WarningOutlined,
  busy: ClockCircleOutlined,
  idle: PauseCircleOutlined,
  good: CheckCircleOutlined,
  done: CheckCircleOutlined,
  unknown: QuestionCircleOutlined,
};

export type Tone = keyof typeof shapes;

interface StateTagProps {
  tone: Tone;
  state: string;
  text: string;
  /** Why, beside it. */
  cause?: string | null;
  /** Of the cell that both stand in, in pixels. */
  width?: number;
  'data-testid': string;
}

/** A state as a word with a shape and a colour, and its cause. */
export function StateTag({ tone, state, text, cause, width, ...rest }: StateTagProps) {
  const Shape = shapes[tone];
  const tag = (
    <span className={`state state-${tone}`} data-state={state} {...rest}>
      <Shape aria-hidden="true" />
      {text}
    </span>
  );
  if (!cause) return tag;
  return (
    <span className="state-and-cause">
      {tag}
      <Cause text={cause} most={width ? lettersBeside(text, width) : LETTERS} />
    </span>
  );
}

/** The width of a text in Latin letters; those of Chinese are twice as wide. */
const lettersOf = (text: string) => [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0);

/** As much of a cause as is shown where the room for it is not known. */
const LETTERS = 34;
/** In pixels: of a letter, and of what a state has around its word and its cell around both. */
const LETTER = 6;
const AROUND = 62;
/** Lines do not end where words do. */
const FILLED = 0.85;

/** How many letters of a cause two lines beside a state hold, in a cell of so many pixels. */
export function lettersBeside(state: string, width: number): number {
  return Math.max(LETTERS, Math.floor((2 * FILLED * (width - AROUND - LETTER * lettersOf(state))) / LETTER));
}

/** A sentence in three parts, of which the middle one is left out if it is too long. It is cut between words, where it has any. */
export function sentenceParts(text: string, most: number): [string, string, string] {
  if (lettersOf(text) <= most) return [text, '', ''];
  const all = [...text];
  const ofEnd = Math.round(most / 3);
  let begin = 0;
  for (let letters = 0; letters < most - ofEnd; begin++) letters += lettersOf(all[begin] ?? '');
  let end = all.length;
  for (let letters = 0; letters < ofEnd; end--) letters += lettersOf(all[end - 1] ?? '');
  // A word that is cut off is left out, unless it is a long name.
  const first = all
    .slice(0, begin + 1)
    .join('')
    .replace(/\s\S{0,9}$|.$/u, '');
  const last = all
    .slice(end - 1)
    .join('')
    .replace(/^\S{0,9}\s|^./u, '');
  return [first, text.slice(first.length, text.length - last.length), last];
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

/** A cause on at most two lines of a row. It is whole in its tooltip, to a screen reader, and when it is copied. */
function Cause({ text, most }: { text: string; most: number }) {
  const [begin, middle, end] = sentenceParts(text, most);
  return (
    <Tooltip title={text} trigger={['hover', 'focus']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to get at what does not fit */}
      <span className="state-cause" tabIndex={0}>
        {breakable(begin)}
        {middle && <span className="left-out">{middle}</span>}
        {end}
      </span>
    </Tooltip>
  );
}
