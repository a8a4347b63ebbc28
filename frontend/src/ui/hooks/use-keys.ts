import { useEffect, useRef } from 'react';
import { usePreference } from '../preferences/preferences-slice';

export interface KeyBinding {
  /**
   * Pressed one after the other, by what they write. `Mod+` is Command on a Mac, and Ctrl elsewhere. `1-9` is any of these
   * digits.
   */
  keys: readonly string[];
  /** Takes the last key. False where there is nothing to do: then another binding or the browser may take it. */
  run: (pressed: string) => unknown;
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
  isIn(target, FIELDS) || (target instanceof HTMLElement && target.isContentEditable);

const isMatch = (keys: readonly string[], pressed: readonly string[]) =>
  keys.length === pressed.length &&
  keys.every(
    (key, index) => key === pressed[index] || (key === '1-9' && /^[1-9]$/.test(pressed[index] ?? '')),
  );

/** A dialog that was closed may stay in the document. */
function isShown(dialog: Element): boolean {
  for (let one: Element | null = dialog; one; one = one.parentElement)
    if (getComputedStyle(one).display === 'none') return false;
  return true;
}

/**
 * Keys of the whole page. They are off while a dialog is open. Those without `Mod+` are also off where one writes, and
 * those that write for a person who speaks to the computer. Bindings that are `isFirst` come before all others.
 */
export function useKeys(bindings: readonly KeyBinding[], isWanted = true, isFirst = false) {
  const hasSingle = usePreference('keys') === 'on';
  const newest = useRef({ bindings, hasSingle });
  newest.current = { bindings, hasSingle };
  useEffect(() => {
    if (!isWanted) return;
    let pressed: string[] = [];
    let at = 0;
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.defaultPrevented || isIn(event.target, '[role=dialog], [role=menu]')) return;
      const { bindings, hasSingle } = newest.current;
      const isModified = event.ctrlKey || event.metaKey;
      if (isModified && event.ctrlKey === isMac()) return;
      const isSpoken = !hasSingle && event.key !== 'Escape';
      if (!isModified && (isSpoken || writes(event.target))) return;
      if (event.timeStamp - at > PAIR_MS) pressed = [];
      at = event.timeStamp;
      pressed = [...pressed, isModified ? `Mod+${event.key.toLowerCase()}` : event.key].slice(-2);
      const found = bindings.find(({ keys }) => isMatch(keys, pressed.slice(-keys.length)));
      if (!found || [...document.querySelectorAll('[role=dialog]')].some(isShown)) return;
      if (found.run(event.key) === false) return;
      event.preventDefault();
      pressed = [];
    };
    document.addEventListener('keydown', press, isFirst);
    return () => document.removeEventListener('keydown', press, isFirst);
  }, [isWanted, isFirst]);
}
