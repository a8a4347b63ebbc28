// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { StateTag, type Tone } from './state-tag';

const tag = (tone: Tone, cause?: string) => (
  <StateTag tone={tone} state="X" text="Degraded" cause={cause} data-testid="tag" />
);

it.each<[Tone, string]>([
  ['bad', 'close-circle'],
  ['warn', 'warning'],
  ['busy', 'clock-circle'],
  ['idle', 'pause-circle'],
  ['good', 'check-circle'],
  ['unknown', 'question-circle'],
])('%s has a shape of its own beside its word', (tone, shape) => {
  show(tag(tone));
  const shown = screen.getByTestId('tag');
  expect(shown).toHaveTextContent('Degraded');
  expect(shown.querySelector(`.anticon-${shape}`)).toHaveAttribute('aria-hidden', 'true');
});

it('the cause stands beside the state, whole in its title', () => {
  const cause = 'container app is killed for memory 9 s after it starts';
  show(tag('warn', cause));
  expect(screen.getByText(cause)).toHaveAttribute('title', cause);
  expect(screen.getByTestId('tag')).toHaveTextContent(/^Degraded$/);
});
