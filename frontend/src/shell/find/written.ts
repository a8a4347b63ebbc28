/** What was written in the field, from its first key on. */
export interface Written {
  text: string;
  /** Whether Enter was pressed before it was known what the text finds. */
  isEntered: boolean;
}

export const nothingWritten: Written = { text: '', isEntered: false };

export const LONGEST = 100;
