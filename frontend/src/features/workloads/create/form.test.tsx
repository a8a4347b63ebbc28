// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { ContainerForm } from './form';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }) }));

const clusters = { clusters: { nodes: [{ id: 'c', name: 'local' }] } };

async function open() {
  const requests = answer(clusters, { namespaces: { nodes: [] } });
  show(<ContainerForm />);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  await userEvent.type(screen.getByTestId('field-name'), 'web');
  await userEvent.type(screen.getByTestId('field-image'), 'busybox:1');
  expect(screen.getByTestId('create-submit')).toBeEnabled();
  return requests;
}

it.each([
  ['replicas', '-1', 'Enter a whole number from 0 to 10,000.'],
  ['port', '70000', 'Enter a whole number from 1 to 65,535.'],
])('keeps a wrong number of %s as it was typed and sends nothing', async (field, text, wrong) => {
  const requests = await open();
  await userEvent.clear(screen.getByTestId(`field-${field}`));
  await userEvent.type(screen.getByTestId(`field-${field}`), `${text}{Enter}`);
  await userEvent.tab();
  expect(screen.getByTestId(`field-${field}`)).toHaveValue(text);
  expect(screen.getByText(wrong)).toBeInTheDocument();
  expect(screen.getByTestId('create-submit')).toBeDisabled();
  expect(requests).toHaveLength(2);
});
