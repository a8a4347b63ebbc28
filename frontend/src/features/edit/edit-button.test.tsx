// @vitest-environment jsdom
import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { EditButton } from './edit-button';

const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));

const ID = 'ConfigMap~c~shop~settings';
const HREF = '/edit?id=ConfigMap%7Ec%7Eshop%7Esettings';

beforeEach(() => push.mockClear());

it('leads to the text of the object, by a key as well', () => {
  show(
    <EditButton
      id={ID}
      name="settings"
      actions={[{ action: 'EDIT', supported: true, allowed: true, reason: null }]}
    />,
  );
  expect(screen.getByRole('link', { name: 'Edit' })).toHaveAttribute('href', HREF);
  fireEvent.keyDown(document.body, { key: 'e' });
  expect(push).toHaveBeenCalledWith(HREF);
});

it('says why it cannot be edited now', () => {
  const reason = { text: 'It is being deleted' };
  show(
    <EditButton
      id={ID}
      name="settings"
      actions={[{ action: 'EDIT', supported: true, allowed: false, reason }]}
    />,
  );
  const button = screen.getByRole('button', { name: 'Edit' });
  expect(button).toHaveAccessibleDescription('It is being deleted');
  expect(button).toHaveAttribute('aria-disabled', 'true');
  fireEvent.keyDown(document.body, { key: 'e' });
  expect(push).not.toHaveBeenCalled();
});

it('is not there where the server does not offer it', () => {
  show(
    <EditButton
      id={ID}
      name="settings"
      actions={[{ action: 'DELETE', supported: true, allowed: true, reason: null }]}
    />,
  );
  expect(screen.queryByText('Edit')).toBeNull();
});

it('reads what the server offers where the page does not have it', async () => {
  const offered = [{ action: 'EDIT', supported: true, allowed: true, reason: null }];
  answerByName({ ObjectOffers: { object: { availableActions: offered } } });
  show(<EditButton id={ID} name="settings" />);
  expect(await screen.findByRole('link', { name: 'Edit' })).toHaveAttribute('href', HREF);
});
