// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { EnvironmentStripe, PlaceBand } from './environment';

it.each([
  ['PRODUCTION', 'PRODUCTION', 'Production, eu-1'],
  ['STAGING', 'STAGING', 'Staging, eu-1'],
  [undefined, null, 'eu-1'],
] as const)('the colour of %s always has its word beside it', (environment, colour, words) => {
  const { container } = show(
    <>
      <EnvironmentStripe environment={environment} />
      <PlaceBand environment={environment} place="eu-1" />
    </>,
  );
  const [stripe, band] = container.children;
  expect(stripe?.getAttribute('data-environment')).toBe(colour);
  expect(band?.getAttribute('data-environment')).toBe(colour);
  expect(band).toHaveTextContent(words);
});
