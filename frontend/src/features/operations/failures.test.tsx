// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { signedIn } from '@/session/session-slice';
import { show } from '@/test/render';
import { Toasts } from '@/ui/feedback/toast';
import { useFailures } from './failures';

function failed(id: string, actor: string): OperationFieldsFragment {
  const error = { code: 'INVALID', message: `why ${id}`, retryable: false };
  return {
    id,
    kind: 'CreateWorkload',
    state: 'FAILED',
    target: { name: id },
    actor: { id: actor },
    error,
  } as never;
}

function Tray({ operations }: { operations?: OperationFieldsFragment[] }) {
  useFailures(operations);
  return <Toasts />;
}

it('a failure is reported once, to the person who sent the command', () => {
  const { store, rerender } = show(<Tray />);
  act(() => void store.dispatch(signedIn({ viewer: { id: 'me' } } as never)));
  const tell = (...operations: OperationFieldsFragment[]) => rerender(<Tray operations={operations} />);
  tell(failed('old', 'me'));
  expect(screen.queryByText(/Failed/)).toBeNull();
  tell(failed('web', 'me'), failed('other', 'you'), failed('old', 'me'));
  tell(failed('web', 'me'));
  expect(screen.getAllByText(/Failed/).map(({ textContent }) => textContent)).toEqual([
    'Failed: Create web. why web',
  ]);
  expect(screen.getByRole('link')).toHaveAttribute('href', '/operations/web');
  tell(...['a', 'b', 'c', 'd'].map((name) => failed(name, 'me')));
  expect(screen.getByText(/4 operations failed/)).toBeInTheDocument();
  expect(screen.getByRole('link')).toHaveAttribute('href', '/operations?who=me&state=FAILED');
});
