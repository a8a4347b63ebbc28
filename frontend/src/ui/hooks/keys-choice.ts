import { useSyncExternalStore } from 'react';
import { preference } from './preference';

const choice = preference('binnacle.keys', ['on', 'off']);

export const turnKeys = (on: boolean) => choice.set(on ? 'on' : 'off');

/** Whether single keys do something: who speaks to the computer can turn them off. */
export function useKeysOn(): boolean {
  return useSyncExternalStore(
    choice.subscribe,
    () => choice.get() !== 'off',
    () => true,
  );
}
