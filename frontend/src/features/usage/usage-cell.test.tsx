// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { UsageCell, UsageLine } from './usage-cell';

const shown = () => screen.getByTestId('usage-cpu');

it('usage is a bar against the request, with its share beside it', () => {
  show(<UsageCell what="cpu" used={125} request={500} limit={1_000} />);
  expect(screen.getByTestId('bar').querySelector('i')).toHaveStyle({ width: '25%' });
  expect(shown()).toHaveTextContent('25%');
  expect(shown()).toHaveAttribute('title', 'Uses 125m, 500m requested, limit 1');
});

it.each([
  [125, null, null, '125m no request'],
  [125, 0, undefined, '125m no request'],
  [undefined, 500, null, '–'],
])('without a basis or a measurement there is no bar: used %s of %s', (used, request, limit, text) => {
  show(<UsageCell what="cpu" used={used} request={request} limit={limit} />);
  expect(screen.queryByTestId('bar')).toBeNull();
  expect(shown().querySelector('[aria-hidden]')).toHaveTextContent(text);
});

it('with room, the bar ends at the limit and has a line at the request', () => {
  show(<UsageLine what="cpu" used={500} request={250} limit={1_000} />);
  expect(screen.getByTestId('bar').querySelector('i')).toHaveStyle({ width: '50%' });
  expect(screen.getByTestId('bar').querySelector('b')).toHaveStyle({ left: '25%' });
  expect(shown()).toHaveTextContent('Uses 500m, 250m requested, limit 1');
});

it('what is not set is said', () => {
  show(<UsageLine what="cpu" used={5} request={null} limit={null} />);
  expect(screen.queryByTestId('bar')).toBeNull();
  expect(shown()).toHaveTextContent('Uses 5m, no request set, no limit set');
});
