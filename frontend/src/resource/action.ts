import type { TFunction } from 'i18next';
import type { NumberRule } from '@/ui/controls/whole-number';
import type { ConfirmationWords } from '@/ui/feedback/confirmation';
import type { Command } from './api';

/** What a command is sent to, at the version that the reader has looked at. */
export interface Target {
  id: string;
  version: string;
}

/** What is said of an action: the verb on its button, and the words of its confirmation. */
export interface ActionWords extends Omit<ConfirmationWords, 'act' | 'keep'> {
  label: string;
  /** Of the object. */
  name: string;
}

/** Something that can be done with one object, as data. */
export interface Action<Row extends Target> {
  /** The verb. Tests find its button and its dialog by it. */
  name: string;
  document: Command['document'];
  /** What is pressed for it. */
  keys?: readonly string[];
  words: (t: TFunction, row: Row) => ActionWords;
  /** Marks the button that confirms it. */
  isDangerous?: true;
  /** Cannot be undone: its first button is marked, too. */
  isFinal?: true;
  number?: NumberInput<Row>;
}

/** An action as the server offers it now. */
export interface Offer<Row extends Target> {
  action: Action<Row>;
  /** Why it is not allowed; null when it is. */
  refusal: string | null;
  /** What to know before it is requested. */
  caution: string | null;
}

/** A number that an action needs. */
export interface NumberInput<Row> {
  /** The field of the mutation's input. */
  field: string;
  rule: NumberRule;
  current: (row: Row) => number | null;
  label: (t: TFunction, row: Row) => string;
  /** What a dangerous number does. */
  warning: (t: TFunction, row: Row, value: number) => string | null;
}

/** An object as the reader has it on the screen. */
export interface Version<Row> {
  row: Row;
  /** It contains every event up to here. */
  position: string;
}

/** An object as it is after others changed it. */
export interface Current<Row> extends Version<Row> {
  /** Who changed it. */
  change: string;
  /** What it is now. */
  summary: string;
}
