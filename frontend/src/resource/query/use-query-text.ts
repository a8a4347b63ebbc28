import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 250;

/**
 * The text of a query. Its plain words follow the address, and the address follows them once typing pauses. Tokens that
 * are not complete stay in the text.
 */
export function useQueryText(
  words: string,
  wordsOf: (text: string) => string,
  commit: (words: string) => void,
) {
  const [text, setText] = useState(words);
  const [followed, setFollowed] = useState(words);
  const [isTyping, setIsTyping] = useState(false);
  const sent = useRef(words);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (followed !== words) {
    setFollowed(words);
    // The answer to what was written here; meanwhile more may have been.
    if (words !== sent.current) {
      sent.current = words;
      setText(words);
    }
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const settle = (next: string) => {
    clearTimeout(timer.current);
    setIsTyping(false);
    setText(next);
    sent.current = wordsOf(next);
  };
  const type = (next: string) => {
    setText(next);
    setIsTyping(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setIsTyping(false);
      if (wordsOf(next) === sent.current) return;
      sent.current = wordsOf(next);
      commit(sent.current);
    }, PAUSE_MS);
  };
  return { text, type, settle, isTyping };
}
