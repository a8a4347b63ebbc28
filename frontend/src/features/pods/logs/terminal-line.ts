import Anser from 'anser';
import ansiRegex from 'ansi-regex';
import type { CSSProperties } from 'react';
import { legible, PANEL, type Rgb, TEXT } from './legible';

/** A part of a line in one style. */
export interface Span {
  text: string;
  style?: CSSProperties;
}

interface Cell {
  letter: string;
  style?: CSSProperties;
}

/** A part of its own for every letter of a long line would keep the browser busy for seconds. */
export const MOST_STYLED = 200;

const BLANK: Cell = { letter: ' ' };
const CONTROL = /\p{Cc}/u;
const SEQUENCE = ansiRegex();
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control sequence begins with one
const COLOUR_OR_ERASURE = /^(?:\u001b\[|\u009b)([\d;]*)([mK])$/;

/**
 * A line as a terminal shows it: with colours, and with what a carriage return or backspace let the program write over.
 * An erasure of the line counts as overwriting. Every other control sequence is left out and has no effect. After many
 * changes of the colour the rest of the line is plain.
 */
export function terminalLine(line: string): Span[] {
  if (!CONTROL.test(line)) return [{ text: line }];
  const screen = new ScreenLine();
  let end = 0;
  for (const { 0: sequence, index } of line.matchAll(SEQUENCE)) {
    screen.write(line.slice(end, index));
    screen.control(sequence);
    end = index + sequence.length;
  }
  screen.write(line.slice(end));
  return screen.spans();
}

/** The text without colours: what is searched. */
export function plainText(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join('');
}

class ScreenLine {
  /** What was skipped is blank. */
  private readonly cells: (Cell | undefined)[] = [];
  private readonly colours = new Anser();
  private changes = 0;
  private column = 0;
  private style: CSSProperties | undefined;

  write(text: string) {
    for (const letter of text) {
      if (letter === '\r') this.column = 0;
      else if (letter === '\b') this.column = Math.max(0, this.column - 1);
      else if (letter === '\t' || !CONTROL.test(letter))
        this.cells[this.column++] = { letter, style: this.style };
    }
  }

  control(sequence: string) {
    const [, parameters = '', final] = COLOUR_OR_ERASURE.exec(sequence) ?? [];
    if (final === 'm') this.style = this.styleAfter(parameters);
    else if (final === 'K' && (parameters === '' || parameters === '0'))
      this.cells.length = Math.min(this.cells.length, this.column);
    else if (final === 'K' && parameters === '2') this.cells.length = 0;
  }

  spans(): Span[] {
    const spans: Span[] = [];
    for (const cell of this.cells) {
      const { letter, style } = cell ?? BLANK;
      const last = spans.at(-1);
      if (last && (last.style === style || spans.length > MOST_STYLED)) last.text += letter;
      else spans.push({ text: letter, style: spans.length < MOST_STYLED ? style : undefined });
    }
    return spans;
  }

  private styleAfter(parameters: string): CSSProperties | undefined {
    this.changes += 1;
    if (this.changes > MOST_STYLED) return undefined;
    return styleOf(this.colours.ansiToJson(`\u001b[${parameters}m`).at(-1));
  }
}

function styleOf(chunk: Anser.AnserJsonEntry | undefined): CSSProperties | undefined {
  if (!chunk?.was_processed) return undefined;
  const has = (decoration: Anser.DecorationName) => chunk.decorations.includes(decoration);
  const background = rgb(chunk.bg) ?? PANEL;
  const lines = [has('underline') && 'underline', has('strikethrough') && 'line-through'].filter(Boolean);
  return {
    color: css(legible(rgb(chunk.fg) ?? TEXT, background)),
    ...(background !== PANEL && { backgroundColor: css(background) }),
    ...(has('bold') && { fontWeight: 600 }),
    ...(has('italic') && { fontStyle: 'italic' }),
    ...(lines.length > 0 && { textDecoration: lines.join(' ') }),
  };
}

function rgb(colour: string | null): Rgb | null {
  const parts = colour?.split(',').map(Number) ?? [];
  return parts.length === 3 ? (parts as Rgb) : null;
}

const css = (colour: Rgb) => `rgb(${colour.join(' ')})`;
