// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { pointAt } from '@/test/pointer';
import { useHover } from './use-hover';

const onHover = vi.fn();
const Rows = () => <div {...useHover(onHover)}>rows</div>;

it.each([
  ['a mouse that moves', 'mouse', 1, true],
  ['a mouse that rests where a dialog was', 'mouse', 0, false],
  ['a finger', 'touch', 1, false],
])('%s points at them: %s', (_, pointerType, movementX, points) => {
  onHover.mockClear();
  render(<Rows />);
  const rows = screen.getByText('rows');
  pointAt(rows, pointerType, movementX);
  expect(onHover.mock.calls).toEqual(points ? [[true]] : []);
  fireEvent.pointerLeave(rows);
  expect(onHover).toHaveBeenLastCalledWith(false);
});
