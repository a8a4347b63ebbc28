import { useEffect, useRef } from 'react';
import { usePreference } from '../preferences/preferences-slice';

export interface KeyBinding {
  /** Pressed one after the other, by what they write. */
  keys: readonly string[];
  run: () => void;
}

/** The second key of a pair has to follow within this time. */
const PAIR_MS = 1_000;

const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [contenteditable], [role=dialog]') !== null);

/** Keys of the whole page. They are off where one writes, in dialogs, and for a person who speaks to the computer. */
export function useKeys(bindings: readonly KeyBinding[], isWanted = true) {
  const isOn = usePreference('keys') === 'on' && isWanted;
  const newest = useRef(bindings);
  newest.current = bindings;
  useEffect(() => {
    if (!isOn) return;
    let pressed: string[] = [];
    let at = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writes(event.target))
        return;
      if (event.timeStamp - at > PAIR_MS) pressed = [];
      at = event.timeStamp;
      pressed = [...pressed, event.key].slice(-2);
      const found = newest.current.find(({ keys }) => keys.join() === pressed.slice(-keys.length).join());
      if (!found) return;
      event.preventDefault();
      pressed = [];
      found.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOn]);
}
