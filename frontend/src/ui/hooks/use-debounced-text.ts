import { type ChangeEvent, useEffect, useRef, useState } from 'react';

const PAUSE_MS = 250;

/** Text that follows the address, and that the address follows once typing pauses. */
export function useDebouncedText(current: string, commit: (text: string) => void) {
  const [text, setText] = useState(current);
  const [followed, setFollowed] = useState(current);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (followed !== current) {
    setFollowed(current);
    setText(current);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    value: text,
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const next = event.target.value;
      setText(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => commit(next.trim()), PAUSE_MS);
    },
  };
}
