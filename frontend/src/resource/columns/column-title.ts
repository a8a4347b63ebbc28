import { useTranslation } from 'react-i18next';
import type { TextKey } from '@/language/texts';
import { usePreference } from '@/ui/preferences/preferences-slice';

export interface TitledColumn {
  title: TextKey;
  /** Its title for a person who wants times as they are: a date is no age. */
  timeTitle?: TextKey;
  /** Its title for everybody else, where its own one is that of a date. */
  ageTitle?: TextKey;
}

/** The columns of a table as it is drawn, by their titles. */
export interface DrawnColumns {
  /** All that it has: some lists leave out what is not measured. */
  given: readonly TextKey[];
  /** Those of the wanted ones that fit into its width. */
  fitting: readonly TextKey[];
}

/** What is written above a column. */
export function useColumnTitle(): (column: TitledColumn) => string {
  const { t } = useTranslation();
  const isAbsolute = usePreference('times') === 'absolute';
  return ({ title, timeTitle, ageTitle }) => t((isAbsolute ? timeTitle : ageTitle) || title);
}
