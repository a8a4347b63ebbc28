import { useTranslation } from 'react-i18next';
import type { TextKey } from '@/language/texts';
import { usePreference } from '@/ui/preferences/preferences-slice';

const GIVEN = 'given:';

/** A title that the server gives, in place of a text of the catalogues. */
export type GivenTitle = `${typeof GIVEN}${string}`;
export type ColumnKey = TextKey | GivenTitle;

export const givenTitle = (words: string): GivenTitle => `${GIVEN}${words}`;
const isGiven = (title: ColumnKey): title is GivenTitle => title.startsWith(GIVEN);

export interface TitledColumn {
  title: ColumnKey;
  /** Its title for a person who wants times as they are: a date is no age. */
  timeTitle?: TextKey;
  /** Its title for everybody else, where its own one is that of a date. */
  ageTitle?: TextKey;
}

/** The columns of a table as it is drawn, by their titles. */
export interface DrawnColumns {
  /** All that it has: some lists leave out what is not measured. */
  given: readonly ColumnKey[];
  /** Those of the wanted ones that fit into its width. */
  fitting: readonly ColumnKey[];
}

/** What is written above a column. */
export function useColumnTitle(): (column: TitledColumn) => string {
  const { t } = useTranslation();
  const isAbsolute = usePreference('times') === 'absolute';
  return ({ title, timeTitle, ageTitle }) => {
    const shown = (isAbsolute ? timeTitle : ageTitle) || title;
    return isGiven(shown) ? shown.slice(GIVEN.length) : t(shown);
  };
}
