import { type PointerEvent, useEffect } from 'react';

/**
 * Tells while a mouse points at an element; a finger points at nothing. A mouse that rests where a dialog was points at
 * nothing either: whoever confirmed a command there waits for what comes of it.
 */
export function useHover(onHover: (isHovered: boolean) => void) {
  useEffect(() => () => onHover(false), [onHover]);
  return {
    onPointerMove: ({ pointerType, nativeEvent: { movementX, movementY } }: PointerEvent) => {
      if (pointerType === 'mouse' && (movementX !== 0 || movementY !== 0)) onHover(true);
    },
    onPointerLeave: () => onHover(false),
  };
}
