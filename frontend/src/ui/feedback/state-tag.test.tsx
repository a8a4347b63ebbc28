// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { StateTag, type Tone } from './state-tag';

it.each<[Tone, string]>([
  ['bad', 'close-circle'],
  ['warn', 'warning'],
  ['busy', 'clock-circle'],
  ['idle', 'pause-circle'],
  ['good', 'check-circle'],
  ['unknown', 'question-circle'],
])('%s has a shape of its own beside its word', (tone, shape) => {
  show(<StateTag tone={tone} state="X" text="Degraded" data-testid="tag" />);
  const shown = screen.getByTestId('tag');
  expect(shown).toHaveTextContent('Degraded');
  expect(shown.querySelector(`.anticon-${shape}`)).toHaveAttribute('aria-hidden', 'true');
});
