/** Splits a command as a shell would: by spaces, except inside quotes or after a backslash. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    if (quote) {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && /["\\]/.test(text.charAt(index + 1)))
        word += text.charAt(++index);
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + (letter === '\\' ? text.charAt(++index) : letter);
    }
  }
  if (word !== null) words.push(word);
  return words;
}

export function joinWords(words: string[]): string {
  return words
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
