import { type PointerEvent, useEffect } from 'react';

/** Tells while a mouse points at an element; a finger points at nothing. */
export function useHover(onHover: (isHovered: boolean) => void) {
  useEffect(() => () => onHover(false), [onHover]);
  return {
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      if (pointerType === 'mouse') onHover(true);
    },
    onPointerLeave: () => onHover(false),
  };
}
