// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import './follow'; // Loaded before a test waits for it.
import './review';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { show } from '@/test/render';
import { operation } from '@/test/samples';
import { draftOf, keepDraft } from './drafts';
import { EditPage } from './edit-page';

const { search, push } = vi.hoisted(() => ({ search: { now: '' }, push: vi.fn() }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/edit',
  useRouter: () => ({ push }),
  useSearchParams: () => new URLSearchParams(search.now),
}));
vi.mock('./manifest-editor', () => ({
  default: ({ text, label, onChange }: { text: string; label: string; onChange: (text: string) => void }) => (
    <textarea aria-label={label} value={text} onChange={({ target }) => onChange(target.value)} />
  ),
}));

const ID = 'ConfigMap~c~shop~settings';
const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings # as people know it
data:
  mode: slow
  size: "1"
`;
const object = (changes: object = {}) => ({
  id: ID,
  name: 'settings',
  namespace: 'shop',
  version: '7',
  manifest: MANIFEST,
  cluster: { id: 'c', name: 'local', environment: 'PRODUCTION' },
  kind: { id: 'ConfigMap', kind: 'ConfigMap', recorded: true },
  availableActions: [{ action: 'EDIT', allowed: true, reason: null }],
  ...changes,
});
const preview = (changes: object = {}) => ({
  id: ID,
  change: 'UPDATE',
  live: MANIFEST,
  result: MANIFEST.replace('slow', 'fast'),
  diff: [{ path: '/data/mode', before: 'slow', after: 'fast', important: true }],
  conflicts: [],
  warnings: [],
  managedBy: null,
  error: null,
  line: null,
  ...changes,
});
const accepted = {
  __typename: 'OperationAccepted',
  position: '9',
  removed: [],
  operation: {
    id: 'o',
    target: { name: 'settings', kind: 'ConfigMap', namespace: 'shop', cluster: { id: 'c' } },
  },
};
const conflict = { path: '.data.mode', manager: 'kubectl', base: 'slow', live: 'best', yours: 'fast' };

/** One after the other, if there are several; the last one stays. */
type Answers = Record<string, object | object[]>;

/** Answers by the name of the operation. */
function open(answers: Answers = {}) {
  const requests: { name: string; variables: { input: Record<string, never> } }[] = [];
  const all: Answers = {
    Clusters: {
      clusters: {
        nodes: [{ id: 'c', name: 'local', environment: 'PRODUCTION', state: 'READY', unreadable: [] }],
      },
    },
    Namespaces: { namespaces: { nodes: [{ id: 'n', name: 'shop' }] } },
    EditedObject: { object: object() },
    ObjectVersion: { object: { version: '7', cluster: object().cluster } },
    PreviewManifests: { manifestPreview: { objects: [preview()] } },
    ApplyManifests: { applyManifests: accepted },
    Position: { server: { projectedPosition: '100' } },
    Operation: { operation: operation({ id: 'o', kind: 'ApplyManifests', state: 'SUCCEEDED' }) },
    ...answers,
  };
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const { query, variables } = JSON.parse(body);
      const name = /\b(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
      requests.push({ name, variables });
      const found = all[name];
      const data = Array.isArray(found) ? (found.length > 1 ? found.shift() : found[0]) : found;
      return new Response(JSON.stringify(data ? { data } : { errors: [{ message: `no ${name}` }] }));
    }),
  );
  bindSocket(show(<EditPage />).store);
  return (name: string) =>
    requests.filter((one) => one.name === name).map(({ variables }) => variables.input);
}

const write = async (text: string, label = 'Manifest of settings') => {
  const field = await screen.findByLabelText(label);
  await userEvent.clear(field);
  await userEvent.click(field);
  await userEvent.paste(text);
};
const review = async () => userEvent.click(await screen.findByTestId('edit-to-review'));

beforeEach(() => {
  localStorage.clear();
  search.now = `id=${ID}`;
  push.mockClear();
  vi.stubGlobal('WebSocket', FakeSocket);
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('an edit is reviewed before it is applied, and its text is what the author wrote', async () => {
  const asked = open();
  const text = MANIFEST.replace('slow', 'fast');
  expect(await screen.findByTestId('edit-to-review')).toBeDisabled();
  expect(screen.getByTestId('place')).toHaveTextContent('Production, local, shop, ConfigMap settings');
  await write(text);
  await review();
  const card = await screen.findByTestId('preview');
  expect(card).toHaveTextContent(/ConfigMap settings.*updated.*1 important field/);
  expect(within(card).getByTestId('line-diff').querySelector('ins')).toHaveTextContent('mode: fast');
  const { violations } = await axe.run(document.body, {
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);

  // Production needs a reason.
  const apply = screen.getByRole('button', { name: 'Apply 1 field to production' });
  await userEvent.click(apply);
  expect(await screen.findByRole('alert')).toHaveTextContent('Production needs a reason.');
  await userEvent.type(screen.getByTestId('edit-reason'), 'faster');
  await userEvent.click(apply);
  expect(await screen.findByTestId('edit-follow')).toBeInTheDocument();
  const basedOn = [{ id: ID, version: '7' }];
  expect(asked('PreviewManifests')[0]).toMatchObject({ cluster: 'c', manifests: text, basedOn });
  expect(asked('ApplyManifests')[0]).toMatchObject({ manifests: text, basedOn, reason: 'faster' });
  await vi.waitFor(() => expect(draftOf(ID)).toBeUndefined());
});

it('a kind that is not recorded is told what it was', async () => {
  const asked = open({
    EditedObject: { object: object({ kind: { ...object().kind, recorded: false } }) },
  });
  await write(MANIFEST.replace('slow', 'fast'));
  await review();
  await screen.findByTestId('preview');
  expect(asked('PreviewManifests')[0]).toMatchObject({ basedOn: [{ version: '7', manifest: MANIFEST }] });
});

it('what is not applied survives a reload, and can be given up', async () => {
  const base = { version: '5', text: MANIFEST, readAt: 1 };
  keepDraft({ of: ID, text: MANIFEST.replace('slow', 'kept'), base, at: Date.now() });
  const asked = open();
  expect(await screen.findByTestId('draft-restored')).toBeInTheDocument();
  expect(screen.getByLabelText('Manifest of settings')).toHaveValue(MANIFEST.replace('slow', 'kept'));
  expect(await screen.findByTestId('edit-changed')).toHaveTextContent('It has changed since you opened it');
  await review();
  await screen.findByTestId('preview');
  expect(asked('PreviewManifests')[0]).toMatchObject({ basedOn: [{ version: '5' }] });
  await userEvent.click(screen.getByTestId('draft-discard'));
  await userEvent.click(await screen.findByTestId('draft-discard-act'));
  expect(await screen.findByLabelText('Manifest of settings')).toHaveValue(MANIFEST);
  expect(draftOf(ID)).toBeUndefined();
});

it('a conflict is settled field by field, and untouched lines stay as they are', async () => {
  const theirs = MANIFEST.replace('slow', 'best').replace('"1"', '"2"');
  const asked = open({
    EditedObject: [{ object: object() }, { object: object({ version: '8', manifest: theirs }) }],
    PreviewManifests: [
      { manifestPreview: { objects: [preview({ change: 'REFUSED', conflicts: [conflict] })] } },
      { manifestPreview: { objects: [preview()] } },
    ],
  });
  await write(MANIFEST.replace('slow', 'fast').replace('# as', '#  my own comment, as'));
  await review();
  const overlap = await screen.findByTestId('edit-overlap');
  expect(overlap).toHaveTextContent(/data\.mode.*changed by kubectl.*slow.*best.*fast/);
  expect(screen.getByTestId('edit-conflict')).toHaveTextContent('1 field that only others changed');
  expect(screen.getByTestId('edit-apply')).toBeDisabled();
  expect(within(overlap).getByRole('radio', { name: 'Keep theirs' })).toBeChecked();
  await userEvent.click(within(overlap).getByText('Keep yours'));
  await userEvent.click(screen.getByTestId('edit-settle'));
  await vi.waitFor(() => expect(screen.getByTestId('edit-apply')).toBeEnabled());
  expect(screen.queryByTestId('edit-conflict')).toBeNull();
  expect(asked('PreviewManifests').at(-1)).toMatchObject({
    basedOn: [{ id: ID, version: '8' }],
    manifests: MANIFEST.replace('slow', 'fast')
      .replace('# as', '#  my own comment, as')
      .replace('"1"', '"2"'),
  });
});

it('what else keeps an object, warnings and refusals are said before anything is applied', async () => {
  open({
    PreviewManifests: {
      manifestPreview: {
        objects: [
          preview({
            change: 'REFUSED',
            managedBy: 'Argo CD',
            warnings: ['unknown field "x"'],
            error: { code: 'INVALID', message: 'data.mode is wrong', retryable: false },
            line: 6,
          }),
        ],
      },
    },
  });
  await write(MANIFEST.replace('slow', 'x'));
  await review();
  expect(await screen.findByTestId('preview-managed')).toHaveTextContent('Argo CD manages this object.');
  expect(screen.getByTestId('preview-warnings')).toHaveTextContent('unknown field "x"');
  expect(screen.getByTestId('preview-error')).toHaveTextContent('data.mode is wrong');
  expect(screen.getByTestId('edit-in-the-way')).toHaveTextContent('1 document is refused');
  expect(screen.getByTestId('edit-apply')).toBeDisabled();
  await userEvent.click(screen.getByTestId('preview-line'));
  expect(await screen.findByTestId('edit-to-review')).toBeInTheDocument();
});

it('fields of other managers stay with them unless the author takes them over', async () => {
  search.now = '';
  const kept = { ...conflict, path: '.spec.replicas', manager: 'autoscaler' };
  const asked = open({
    PreviewManifests: [
      { manifestPreview: { objects: [preview({ change: 'REFUSED', conflicts: [kept] })] } },
      { manifestPreview: { objects: [preview()] } },
    ],
  });
  await write('apiVersion: v1\nkind: ConfigMap\n', 'Manifests to apply');
  await review();
  const choice = await screen.findByTestId('apply-conflict');
  expect(choice).toHaveTextContent('kept by autoscaler');
  expect(within(choice).getByRole('radio', { name: 'Leave it to them' })).toBeChecked();
  expect(screen.getByTestId('edit-apply')).toBeDisabled();
  const first = { basedOn: null, takeOver: null, defaultNamespace: 'default' };
  expect(asked('PreviewManifests')[0]).toMatchObject(first);
  await userEvent.click(screen.getByTestId('apply-settle'));
  await vi.waitFor(() => expect(screen.getByTestId('edit-apply')).toBeEnabled());
  // It is said that they were seen, and none is taken.
  expect(asked('PreviewManifests').at(-1)).toMatchObject({ takeOver: [{ id: ID, path: '.' }] });
  const again = screen.getByTestId('apply-conflict');
  await userEvent.click(within(again).getByText('Take it over'));
  await userEvent.click(screen.getByTestId('apply-settle'));
  await vi.waitFor(() =>
    expect(asked('PreviewManifests').at(-1)).toMatchObject({
      takeOver: [{ id: ID, path: '.spec.replicas' }],
    }),
  );
  const chosen = await screen.findByTestId('apply-conflict');
  expect(within(chosen).getByRole('radio', { name: 'Take it over' })).toBeChecked();
});

it('many documents become a batch, whose page opens', async () => {
  search.now = '';
  const two = [
    preview({ change: 'CREATE', live: null }),
    preview({ id: 'Service~c~shop~web', change: 'UNTESTED' }),
  ];
  open({
    PreviewManifests: { manifestPreview: { objects: two } },
    ApplyManifests: {
      applyManifests: { __typename: 'BatchAccepted', position: '9', batch: { id: 'b1', total: 2 } },
    },
  });
  const file = new File(['kind: A\n'], 'a.yaml');
  await userEvent.upload(await screen.findByTestId('edit-files'), [file, new File(['kind: B\n'], 'b.yaml')]);
  expect(await screen.findByLabelText('Manifests to apply')).toHaveValue('kind: A\n---\nkind: B\n');
  await review();
  expect(await screen.findByTestId('preview-summary')).toHaveTextContent('1 × not tested, 1 × created');
  await userEvent.type(screen.getByTestId('edit-reason'), 'new');
  await userEvent.click(screen.getByRole('button', { name: 'Apply 2 documents to production' }));
  await vi.waitFor(() => expect(push).toHaveBeenCalledWith('/batches/b1'));
  expect(localStorage.getItem('binnacle.drafts')).toBeNull();
});

it('a text with a Secret is kept nowhere, and a link out of it asks first', async () => {
  open();
  await write('kind: Secret\nstringData: {password: hunter2}\n');
  await vi.waitFor(() => expect(screen.getByTestId('draft-kept')).toHaveAttribute('data-kept', 'notKept'));
  expect(JSON.stringify({ ...localStorage })).not.toContain('hunter2');
  const link = Object.assign(document.createElement('a'), { href: '/pods', textContent: 'Pods' });
  document.body.append(link);
  await userEvent.click(link);
  expect(await screen.findByText('Leave without your changes?')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Leave' }));
  expect(push).toHaveBeenCalledWith('/pods');
  link.remove();
});

it('an object that cannot be edited says why', async () => {
  const no = [{ action: 'EDIT', allowed: false, reason: { text: 'It is being deleted' } }];
  open({ EditedObject: { object: object({ availableActions: no }) } });
  expect(await screen.findByTestId('edit-refused')).toHaveTextContent('It is being deleted');
});

it('one that does not exist says so', async () => {
  open({ EditedObject: { object: null } });
  expect(await screen.findByTestId('edit-missing')).toHaveTextContent('This object does not exist');
});
