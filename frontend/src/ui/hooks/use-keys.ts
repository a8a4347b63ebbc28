import { useEffect, useRef } from 'react';
import { usePreference } from '../preferences/preferences-slice';

export interface KeyBinding {
  /** Pressed one after the other, by what they write. `Mod+` is Command on a Mac, and Ctrl elsewhere. */
  keys: readonly string[];
  run: () => void;
}

/** The second key of a pair has to follow within this time. */
const PAIR_MS = 1_000;

const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);

/** What is printed on the keys. */
export function keyLabels(keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    if (key.startsWith('Mod+')) return [isMac() ? '⌘' : 'Ctrl', key.slice(4).toUpperCase()];
    return key === 'Escape' ? 'Esc' : key;
  });
}

const isIn = (target: EventTarget | null, places: string) =>
  target instanceof HTMLElement && target.closest(places) !== null;

/** Nobody writes into a box that is ticked. */
const FIELDS = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

const writes = (target: EventTarget | null) =>
  isIn(target, FIELDS) ||
  (target instanceof HTMLElement && target.isContentEditable);

/**
 * Keys of the whole page. They are off in dialogs. Those without `Mod+` are also off where one writes, and those that write
 * for a person who speaks to the computer.
 */
export function useKeys(bindings: readonly KeyBinding[], isWanted = true) {
  const hasSingle = usePreference('keys') === 'on';
  const newest = useRef({ bindings, hasSingle });
  newest.current = { bindings, hasSingle };
  useEffect(() => {
    if (!isWanted) return;
    let pressed: string[] = [];
    let at = 0;
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.defaultPrevented || isIn(event.target, '[role=dialog]')) return;
      const { bindings, hasSingle } = newest.current;
      const isModified = event.ctrlKey || event.metaKey;
      if (isModified && event.ctrlKey === isMac()) return;
      const isSpoken = !hasSingle && event.key !== 'Escape';
      if (!isModified && (isSpoken || writes(event.target))) return;
      if (event.timeStamp - at > PAIR_MS) pressed = [];
      at = event.timeStamp;
      pressed = [...pressed, isModified ? `Mod+${event.key.toLowerCase()}` : event.key].slice(-2);
      const found = bindings.find(({ keys }) => keys.join() === pressed.slice(-keys.length).join());
      if (!found) return;
      event.preventDefault();
      pressed = [];
      found.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isWanted]);
}
