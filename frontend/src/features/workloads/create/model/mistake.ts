import { breaks, type NumberRule } from '@/ui/controls/whole-number';
import type { Path } from '@/ui/editor/yaml/nodes';
import { placeOf } from './manifest';

export type MistakeCode =
  | 'required'
  | 'tooLong'
  | 'name'
  | 'nameLike'
  | 'label'
  | 'apiVersion'
  | 'schedule'
  | 'scheduleField'
  | 'scheduleZone'
  | 'timeZone'
  | 'oneOf'
  | 'number'
  | 'noContainer'
  | 'twice'
  | 'image'
  | 'quantity'
  | 'fraction'
  | 'aboveLimit'
  | 'port'
  | 'portName'
  | 'unknownPort'
  | 'probePath'
  | 'variable'
  | 'configKey'
  | 'object'
  | 'labelEmpty'
  | 'labelKey'
  | 'labelValue'
  | 'noSelector'
  | 'unmatched';

/** Something wrong in one field of the form. */
export interface Mistake {
  /** The place of the field, as the server names it in a refusal. */
  place: string;
  code: MistakeCode;
  values: Record<string, string | number | readonly string[]>;
}

export class Report {
  readonly mistakes: Mistake[] = [];

  add(path: Path, code: MistakeCode, values: Mistake['values'] = {}): void {
    this.mistakes.push({ place: placeOf(path), code, values });
  }
}

export function numberMistake(report: Report, path: Path, text: string, rule: NumberRule): void {
  if (breaks(text, rule)) report.add(path, 'number', { least: rule.least, most: rule.most });
}
