/** Where the first clause of a sentence ends, in both languages. */
export const CLAUSE = /^(.+?)(?:[.:] |[。：])(.+)$/su;

/** A part of a cause: shown, or left out with a mark in its place or without one. */
export interface CausePart {
  text: string;
  left?: 'mark' | 'silent';
}

type Piece = [text: string, left?: CausePart['left']];

/** Stands for the begin of a pod's name while a sentence is cut. No sentence has this letter. */
const FRONT = '\u0001';

/**
 * A cause in at most so many letters. If it is longer, these give way one after the other: the begin of the names of the
 * pods, which is that of their workload; the details behind the first clause; the middle of that.
 */
export function causeParts(text: string, most: number, workload?: string): CausePart[] {
  if (lettersOf(text) <= most) return [{ text }];
  const fronts: string[] = [];
  const short = workload
    ? text.replace(podFront(workload), (front) => {
        fronts.push(front);
        return FRONT;
      })
    : text;
  return restored(piecesOf(short, most), fronts).filter((part) => part.text);
}

function piecesOf(sentence: string, most: number): Piece[] {
  if (lettersOf(sentence) <= most) return [[sentence]];
  const [, clause = sentence, details = ''] = CLAUSE.exec(sentence) ?? [];
  const rest = sentence.slice(clause.length);
  // A single word is a reason, without which the clause says nothing.
  const reason = /\s/.test(details) || lettersOf(rest) > most / 2 ? '' : rest;
  const [begin, middle, end] = sentenceParts(clause, most - lettersOf(reason));
  return [[begin], [middle, 'mark'], [end + reason], [rest.slice(reason.length), 'silent']];
}

/** The begin of the name of a pod of a workload. Its last five letters tell it from the others. */
const podFront = (workload: string) =>
  new RegExp(`(?<![\\w.-])${workload.replaceAll('.', '\\.')}-(?:[a-z0-9-]*-)?(?=[a-z0-9]{5}(?![\\w-]))`, 'g');

/** The pieces with the names of pods as they are, each begin as a part of its own. */
function restored(pieces: readonly Piece[], fronts: readonly string[]): CausePart[] {
  let next = 0;
  const front = () => fronts[next++] ?? '';
  return pieces.flatMap(([piece, left]): CausePart[] => {
    const [head = '', ...tails] = piece.split(FRONT);
    if (left) return [{ text: head + tails.map((tail) => front() + tail).join(''), left }];
    return [
      { text: head },
      ...tails.flatMap((tail): CausePart[] => [{ text: front(), left: 'mark' }, { text: tail }]),
    ];
  });
}

/** The width of a text in Latin letters; those of Chinese are twice as wide. */
export const lettersOf = (text: string) => [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0);

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
