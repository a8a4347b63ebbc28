// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { AddCluster } from './add-page';

const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));

const SECRET = 'client-key-data: TOPSECRET';
const step = (name: string, state: string, text = '') => ({ name, state, message: { text } });
const passed = [
  step('CREDENTIALS', 'PASSED', 'a token'),
  step('ADDRESS', 'PASSED'),
  step('CONNECT', 'PASSED'),
  step('TLS', 'PASSED'),
  step('AUTHENTICATION', 'PASSED'),
  step('RIGHTS', 'WARNING', 'it may not list nodes'),
  step('VERSION', 'PASSED'),
  step('CLOCK', 'PASSED'),
];
const refused = {
  __typename: 'OperationRefused',
  code: 'INVALID',
  message: 'it is taken',
  field: 'name',
  currentVersion: null,
};
const accepted = {
  __typename: 'ClusterAccepted',
  position: '7',
  cluster: {
    id: 'staging-2',
    name: 'staging-2',
    environment: 'STAGING',
    version: null,
    versionSupport: null,
    switchedOff: [],
    namespaces: [],
    state: 'CONNECTING',
    reason: null,
    recordedSince: null,
    unreadable: [],
  },
};

function open(clusterCheck: object = { ok: true, steps: passed }, registerCluster: object = accepted) {
  const requests = answerByName({ ClusterCheck: { clusterCheck }, RegisterCluster: { registerCluster } });
  const { store, unmount } = show(<AddCluster />);
  const asked = (name: string) => requests.filter(({ query }) => query.includes(` ${name}(`));
  return { asked, store, unmount };
}

const fill = (field: string, text: string) =>
  fireEvent.change(screen.getByTestId(`field-${field}`), { target: { value: text } });

async function check() {
  await userEvent.click(screen.getByTestId('cluster-check'));
}

beforeEach(() => push.mockClear());

it('what is missing is said before anything is sent, and gets the focus', async () => {
  const { asked } = open();
  await check();
  expect(screen.getByTestId('refused-name')).toHaveTextContent('This is needed.');
  expect(screen.getByTestId('refused-kubeconfig')).toBeInTheDocument();
  expect(screen.getByTestId('field-name')).toHaveFocus();
  expect(asked('ClusterCheck')).toEqual([]);
});

it('a cluster is checked step by step, then added with the colour of its environment', async () => {
  const { asked } = open();
  fill('name', 'staging-2');
  fill('kubeconfig', SECRET);
  await userEvent.click(screen.getByTestId('environment-STAGING'));
  expect(screen.getByTestId('place')).toHaveTextContent('Staging, staging-2');
  expect(screen.queryByTestId('cluster-submit')).toBeNull();
  await check();
  expect(await screen.findByTestId('check-RIGHTS')).toHaveTextContent(
    /^RightsWarningit may not list nodesTo look into it: kubectl auth can-i --list/,
  );
  expect(screen.getByTestId('check-summary')).toHaveTextContent('7 of 8 passed');
  expect(within(screen.getByTestId('check-CLOCK')).getByTestId('check-state')).toHaveTextContent('Passed');
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
  const act = screen.getByRole('button', { name: 'Add to staging' });
  expect(act).toHaveClass('environment-STAGING');
  await userEvent.click(act);
  await waitFor(() => expect(push).toHaveBeenCalledWith('/clusters'));
  const input = {
    name: 'staging-2',
    environment: 'STAGING',
    kubeconfig: SECRET,
    inCluster: false,
    namespaces: null,
    reason: null,
  };
  expect(asked('ClusterCheck').map(({ variables }) => variables)).toEqual([{ input }]);
  expect(asked('RegisterCluster').map(({ variables }) => variables)).toEqual([{ input }]);
});

it('nothing of the credentials is kept: not in the store, the address, the browser, nor the form after it', async () => {
  const { store } = open();
  fill('name', 'staging-2');
  fill('kubeconfig', SECRET);
  await check();
  await userEvent.click(await screen.findByTestId('cluster-submit'));
  await waitFor(() => expect(push).toHaveBeenCalled());
  expect(screen.getByTestId('field-kubeconfig')).toHaveValue('');
  const kept = [JSON.stringify(store.getState()), location.href, document.body.innerHTML];
  for (const storage of [localStorage, sessionStorage])
    kept.push(...Object.keys(storage).map((key) => `${key} ${storage.getItem(key)}`));
  expect(kept.filter((text) => text.includes('TOPSECRET'))).toEqual([]);
});

it('what was checked is what is added: other credentials have to be checked again', async () => {
  open();
  fill('name', 'staging-2');
  fill('kubeconfig', SECRET);
  await check();
  await screen.findByTestId('cluster-submit');
  fill('name', 'staging-3');
  expect(screen.getByTestId('cluster-submit')).toBeInTheDocument();
  fill('kubeconfig', 'other');
  expect(screen.queryByTestId('cluster-submit')).toBeNull();
  expect(screen.queryByTestId('check-steps')).toBeNull();
  expect(screen.getByTestId('check-stale')).toBeInTheDocument();
});

it('a step that fails says what to do, and the cluster cannot be added', async () => {
  const steps = [
    step('CREDENTIALS', 'FAILED', 'user dev starts aws-iam-authenticator'),
    ...passed.slice(1).map(({ name }) => step(name, 'SKIPPED')),
  ];
  open({ ok: false, steps });
  fill('name', 'staging-2');
  fill('kubeconfig', SECRET);
  await check();
  expect(await screen.findByTestId('check-CREDENTIALS')).toHaveTextContent(
    /Failed.*starts aws-iam-authenticator.*kubectl config view --raw --minify --flatten/,
  );
  expect(screen.getByTestId('check-CLOCK')).toHaveTextContent(/^ClockNot tried$/);
  expect(screen.queryByTestId('cluster-submit')).toBeNull();
  expect(screen.getByTestId('cluster-check')).toHaveTextContent('Check again');
});

it('by server and token, with the namespaces that it may see', async () => {
  const { asked } = open();
  await userEvent.click(screen.getByTestId('way-token'));
  expect(screen.queryByTestId('field-kubeconfig')).toBeNull();
  fill('name', 'edge');
  fill('server', 'https://10.0.0.9:6443');
  fill('certificateAuthority', '-----BEGIN CERTIFICATE-----');
  fill('token', 'TOPSECRET');
  expect(screen.getByTestId('field-token')).toHaveAttribute('type', 'password');
  await userEvent.type(screen.getByRole('combobox', { name: /^Namespaces/ }), 'shop,data,');
  await check();
  await screen.findByTestId('cluster-submit');
  expect(asked('ClusterCheck')[0]?.variables).toEqual({
    input: {
      name: 'edge',
      environment: 'PRODUCTION',
      token: {
        server: 'https://10.0.0.9:6443',
        certificateAuthority: '-----BEGIN CERTIFICATE-----',
        token: 'TOPSECRET',
      },
      inCluster: false,
      namespaces: ['shop', 'data'],
      reason: null,
    },
  });
});

it('a kubeconfig is read from a file that is dropped or chosen, unless it is too large', async () => {
  open();
  const file = new File([SECRET], 'config');
  fireEvent.drop(screen.getByTestId('field-kubeconfig'), { dataTransfer: { files: [file] } });
  await waitFor(() => expect(screen.getByTestId('field-kubeconfig')).toHaveValue(SECRET));
  const large = new File(['x'.repeat(600 * 1024)], 'video.mp4');
  await userEvent.upload(screen.getByTestId('kubeconfig-file'), large);
  expect(await screen.findByTestId('refused-kubeconfig')).toHaveTextContent(
    'video.mp4 cannot be read, or is too large.',
  );
  expect(screen.getByTestId('field-kubeconfig')).toHaveValue(SECRET);
  await userEvent.upload(screen.getByTestId('kubeconfig-file'), new File(['other'], 'other'));
  await waitFor(() => expect(screen.getByTestId('field-kubeconfig')).toHaveValue('other'));
  expect(screen.queryByTestId('refused-kubeconfig')).toBeNull();
});

it('what the server refuses stands at its field', async () => {
  open(undefined, refused);
  fill('name', 'prod');
  fill('kubeconfig', SECRET);
  await check();
  await userEvent.click(await screen.findByTestId('cluster-submit'));
  expect(await screen.findByTestId('refused-name')).toHaveTextContent('Not valid: it is taken');
  expect(screen.getByTestId('field-kubeconfig')).toHaveValue(SECRET);
  fill('name', 'prod-2');
  expect(screen.queryByTestId('refused-name')).toBeNull();
});
