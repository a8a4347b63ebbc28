import { createEvent, fireEvent } from '@testing-library/react';

/** Moves a pointer over an element; jsdom knows no movement. */
export function pointAt(element: Element, pointerType = 'mouse', movementX = 1) {
  const moved = createEvent.pointerMove(element);
  Object.defineProperties(moved, {
    pointerType: { value: pointerType },
    movementX: { value: movementX },
    movementY: { value: 0 },
  });
  fireEvent(element, moved);
}
