// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvents, { PointerEventsCheckLevel } from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { show } from '@/test/render';
import { ContainerForm } from './form';

/** Computing the styles of so many fields takes seconds in jsdom. */
const userEvent = userEvents.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never });
const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));
// What a person sees of an editor is its text.
vi.mock('@/ui/editor/config-editor', () => ({
  ConfigEditor: ({ value, onChange }: { value: string; onChange: (text: string) => void }) => (
    <textarea data-testid="text" value={value} onChange={({ target }) => onChange(target.value)} />
  ),
}));

const accepted = {
  createWorkload: {
    __typename: 'OperationAccepted',
    position: '7',
    removed: [],
    operation: {
      id: 'o',
      target: { cluster: { id: 'c' }, kind: 'CronJob', namespace: 'shop', name: 'web' },
    },
  },
};

const strategy = { path: '/spec/strategy', before: null, after: { type: 'RollingUpdate' }, important: false };
const stored = { __typename: 'WorkloadPreview', removed: ['metadata.uid'], changes: [strategy] };

/** The manifests that were checked. */
const asked: string[] = [];

/** A server that knows these namespaces, and takes in whatever is created. */
function open({
  unreadable = [] as object[],
  created = accepted as object,
  previewed = stored as object | null,
  clusters = [{ id: 'c', name: 'local', environment: 'PRODUCTION' }] as object[],
} = {}) {
  const sent: { manifest: string; cluster: string }[] = [];
  asked.length = 0;
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const { query, variables } = JSON.parse(body);
      const name = /\b(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
      if (name === 'CreateWorkload') sent.push(variables.input);
      if (name === 'PreviewWorkload') {
        asked.push(variables.input.manifest);
        if (!previewed) throw new TypeError('connection refused');
      }
      const known = ['default', 'shop'].map((one) => ({ id: `Namespace~c~_~${one}`, name: one }));
      const found = known.find(({ id }) => id === variables.id);
      const data = {
        Clusters: { clusters: { nodes: clusters.map((one) => ({ ...one, unreadable })) } },
        Namespaces: {
          namespaces: { nodes: known.filter((one) => one.name.includes(variables.search ?? '')) },
        },
        Namespace: { node: found ? { id: found.id, phase: 'Active' } : null },
        CreateWorkload: created,
        PreviewWorkload: { workloadPreview: previewed },
      }[name];
      return new Response(JSON.stringify({ data }));
    }),
  );
  show(<ContainerForm />);
  return sent;
}

const field = (name: string) => screen.getByTestId(`field-${name}`);
const type = async (name: string, text: string) => {
  await userEvent.clear(field(name));
  await userEvent.click(field(name));
  await userEvent.paste(text);
};
const select = (id: string) => document.getElementById(id) as HTMLElement;
const turn = (face: string) => userEvent.click(screen.getByTestId(`face-${face}`));
const text = () => screen.findByTestId<HTMLTextAreaElement>('text');
const write = async (value: string) => {
  await userEvent.clear(await text());
  await userEvent.click(await text());
  await userEvent.paste(value);
};
const submit = () => userEvent.click(screen.getByTestId('create-submit'));
const container = (manifest: string) => parse(manifest).spec.template.spec.containers[0];

beforeEach(() => push.mockClear());

it('a form that is filled in is sent, and leads to the page of what it creates', async () => {
  const sent = open();
  await type('name', 'web');
  await type('image', 'busybox:1');
  await type('command', "sh -c 'sleep 3600' ");
  await vi.waitFor(
    async () => {
      await submit();
      expect(sent).toHaveLength(1);
    },
    { timeout: 10_000 },
  );
  expect(sent[0]?.cluster).toBe('c');
  expect(container(sent[0]?.manifest ?? '')).toEqual({
    name: 'web',
    image: 'busybox:1',
    command: ['sh', '-c', 'sleep 3600'],
  });
  await vi.waitFor(() => expect(push).toHaveBeenCalledWith('/workloads/CronJob~c~shop~web'));
});

it('what is wrong is said when its field was left, and the first one is reached when it is sent', async () => {
  const sent = open();
  await type('name', 'My_App');
  expect(screen.queryByText(/For example: my-app/)).toBeNull();
  await userEvent.tab();
  expect(await screen.findByText(/For example: my-app/)).toBeInTheDocument();
  await type('name', 'web');
  await submit();
  expect(screen.getByTestId('create-mistakes')).toHaveTextContent('1 field needs a correction.');
  await vi.waitFor(() => expect(field('image')).toHaveFocus());
  expect(field('image')).toHaveAccessibleDescription('Enter a value.');
  expect(sent).toEqual([]);
});

it('no message moves a button while it is pressed', async () => {
  open();
  await type('name', 'My_App');
  await userEvent.pointer({ keys: '[MouseLeft>]', target: screen.getByText('Add container') });
  expect(field('name')).not.toHaveFocus();
  expect(screen.queryByText(/For example: my-app/)).toBeNull();
  await userEvent.pointer('[/MouseLeft]');
  expect(await screen.findByText(/For example: my-app/)).toBeInTheDocument();
  expect(screen.getByText('Container container-2')).toBeInTheDocument();
});

it('a mistake in what is folded unfolds it', async () => {
  open();
  await type('name', 'web');
  await type('image', 'busybox:1');
  const ports = screen.getByTestId('section-ports');
  await userEvent.click(within(ports).getByText('Ports'));
  await userEvent.click(within(ports).getByText('Add port'));
  (ports as HTMLDetailsElement).open = false;
  await submit();
  await vi.waitFor(() => expect(within(ports).getByTestId(/^field-.*containerPort$/)).toHaveFocus());
  expect(ports).toHaveAttribute('open');
});

it('keeps a wrong number as it was typed and sends nothing', async () => {
  const sent = open();
  await type('name', 'web');
  await type('image', 'busybox:1');
  await type('replicas', '-1');
  expect(screen.getByText('Enter a whole number from 0 to 10,000.')).toBeInTheDocument();
  await submit();
  expect(field('replicas')).toHaveValue('-1');
  expect(sent).toEqual([]);
});

it('goes on in YAML and back, and loses no comment on the way', async () => {
  open();
  await type('name', 'web');
  await turn('yaml');
  const written = (await text()).value
    .replace('replicas: 1', 'replicas: 2 # for the night')
    .replace('      containers:', '      hostNetwork: true\n      containers:');
  await write(written);
  await turn('form');
  expect(field('name')).toHaveValue('web');
  expect(field('replicas')).toHaveValue('2');
  const beyond = await screen.findByTestId('only-in-yaml');
  expect(beyond).toHaveTextContent('1 field is only in YAML. The form keeps it as it is.');
  expect(beyond).toHaveTextContent('spec.template.spec.hostNetwork');
  await type('replicas', '5');
  await turn('json');
  expect(JSON.parse((await text()).value).spec.replicas).toBe(5);
  await write((await text()).value.replace('"replicas": 5', '"replicas": 6'));
  await turn('yaml');
  expect((await text()).value).toBe(written.replace('2 # for', '6 # for'));
});

it.each([
  ['yaml', 'kind: Deployment\nspec: [\n', /^Line 3 does not parse/],
  ['yaml', 'kind: Job\n---\nkind: Job\n', /several objects, from the lines 1, 3/],
  ['yaml', 'kind: Service\n', /no kind "Service"/],
  ['json', '{"kind":', /does not parse/],
] as const)('a text that no form can show stays, and it is said why: %s %s', async (face, broken, why) => {
  open();
  await turn(face);
  await write(broken);
  await turn('form');
  expect(screen.getByTestId('unreadable')).toHaveTextContent(why);
  expect(await text()).toHaveValue(broken);
});

it('another kind that is taken back leaves everything as it was', async () => {
  open();
  await type('replicas', '3');
  await turn('yaml');
  const before = (await text()).value;
  await turn('form');
  for (const kind of ['Job', 'Deployment']) {
    await userEvent.click(select('kind'));
    await userEvent.click(await screen.findByTitle(kind));
  }
  await turn('yaml');
  expect(await text()).toHaveValue(before);
});

it('a text that was emptied begins anew', async () => {
  open();
  await turn('yaml');
  await userEvent.clear(await text());
  await userEvent.type(await text(), '# mine');
  await turn('form');
  await type('name', 'web');
  await turn('yaml');
  expect((await text()).value).toMatch(/^# mine\napiVersion: apps\/v1\nkind: Deployment\n.*name: web\n/s);
});

it('another kind has its own fields and the same pods', async () => {
  open();
  await type('image', 'busybox:1');
  await userEvent.click(select('kind'));
  await userEvent.click(await screen.findByTitle('CronJob'));
  await type('schedule', '0 25 * * *');
  await userEvent.tab();
  expect(screen.getByText(/"25" is outside its field/)).toBeInTheDocument();
  expect(screen.queryByTestId('field-replicas')).toBeNull();
  expect(field('image')).toHaveValue('busybox:1');
});

it('a namespace is chosen from the list, and one that does not exist is named', async () => {
  open();
  await userEvent.click(select('metadata.namespace'));
  await userEvent.click(await screen.findByTitle('shop'));
  await turn('yaml');
  expect((await text()).value).toContain('namespace: shop');
  expect(screen.queryByTestId('namespace-missing')).toBeNull();
  await write((await text()).value.replace('namespace: shop', 'namespace: shpo'));
  expect(await screen.findByTestId('namespace-missing')).toHaveTextContent(
    'Namespace shpo does not exist in cluster local.',
  );
  await turn('form');
  expect(await screen.findByTestId('namespace-missing')).toBeInTheDocument();
});

it('where the namespaces cannot be listed, one is typed', async () => {
  open({ unreadable: [{ kind: 'Namespace', message: 'forbidden' }] });
  await screen.findByText('The list of namespaces cannot be read. Enter the name of one.');
  await type('namespace', 'mine');
  await turn('yaml');
  expect((await text()).value).toContain('namespace: mine');
  expect(screen.queryByTestId('namespace-missing')).toBeNull();
});

it('a refusal stands at its field until something is changed', async () => {
  const place = 'spec.template.spec.containers[0].image';
  open({
    created: {
      createWorkload: {
        __typename: 'OperationRefused',
        code: 'INVALID',
        message: 'line 9: no such image',
        field: `manifest.${place}`,
        currentVersion: null,
      },
    },
  });
  await type('name', 'web');
  await type('image', 'busybox:1');
  await vi.waitFor(async () => {
    await submit();
    expect(screen.getByTestId(`refused-${place}`)).toHaveTextContent('line 9: no such image');
  });
  expect(push).not.toHaveBeenCalled();
  await type('image', 'busybox:2');
  expect(screen.queryByTestId(`refused-${place}`)).toBeNull();
});

const filled = async () => {
  await type('name', 'web');
  await type('image', 'busybox:1');
};
const check = () => userEvent.click(screen.getByTestId('create-check'));

it('a check shows what the server would store, creates nothing, and is not made twice', async () => {
  const sent = open();
  await filled();
  await vi.waitFor(async () => {
    await check();
    expect(screen.getByTestId('create-checked')).toHaveTextContent('The cluster would accept this.');
  });
  expect(screen.getByTestId('create-checked')).toHaveTextContent(
    /Left out.*metadata.uid.*differs in 1 field.*strategy.*not set.*RollingUpdate/,
  );
  expect(sent).toEqual([]);
  const before = asked.length;
  await submit();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(asked).toHaveLength(before);
});

it('what was checked is said of that text alone', async () => {
  open();
  await filled();
  await vi.waitFor(async () => {
    await check();
    expect(screen.getByTestId('create-checked')).toBeInTheDocument();
  });
  await type('image', 'busybox:2');
  expect(screen.queryByTestId('create-checked')).toBeNull();
});

it('what the server would refuse is not sent, and stands at its field', async () => {
  const place = 'spec.template.spec.containers[0].image';
  const refused = {
    __typename: 'OperationRefused',
    code: 'FORBIDDEN',
    message: 'exceeded quota: small',
    field: `manifest.${place}`,
    currentVersion: null,
  };
  const sent = open({ previewed: refused });
  await filled();
  await vi.waitFor(async () => {
    await submit();
    expect(screen.getByTestId(`refused-${place}`)).toHaveTextContent('Not allowed: exceeded quota: small');
  });
  expect(screen.getByTestId('create-refusal')).toHaveAttribute('data-code', 'FORBIDDEN');
  expect(sent).toEqual([]);
});

it.each([
  [
    { __typename: 'WorkloadNotChecked', message: 'it did not answer within 15 s' },
    'it did not answer within 15 s',
  ],
  [null, 'The server is not available.'],
])('a cluster that cannot be asked is named, and creating stays possible', async (previewed, why) => {
  const sent = open({ previewed });
  await filled();
  await vi.waitFor(async () => {
    await submit();
    expect(screen.getByTestId('create-not-checked')).toHaveTextContent(why);
  });
  expect(sent).toEqual([]);
  expect(screen.getByTestId('create-submit')).toHaveTextContent('Create without a check');
  await submit();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
});

it('a list is filled in by rows, and the focus goes with them', async () => {
  open();
  const env = screen.getByTestId('section-env');
  (env as HTMLDetailsElement).open = true;
  await userEvent.click(within(env).getByText('Add variable'));
  await vi.waitFor(() => expect(within(env).getByLabelText('Variable')).toHaveFocus());
  await userEvent.keyboard('A');
  await userEvent.click(within(env).getByLabelText('From'));
  await userEvent.click(await screen.findByTitle('Secret'));
  await userEvent.type(within(env).getByLabelText('Secret'), 's');
  await userEvent.type(within(env).getByLabelText('Key'), 'k');
  await turn('yaml');
  expect(container((await text()).value).env).toEqual([
    { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ]);
  await turn('form');
  const again = screen.getByTestId('section-env');
  (again as HTMLDetailsElement).open = true;
  await userEvent.click(within(again).getByTitle('Remove variable A'));
  expect(within(again).getByText('Add variable').closest('button')).toHaveFocus();
  expect(again).toHaveTextContent('not set');
});

it('can be used with a screen reader, unfolded', async () => {
  open();
  const env = screen.getByTestId('section-env');
  await userEvent.click(within(env).getByText('Add variable'));
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
});

it('production is said before anything is created in it', async () => {
  open();
  expect(await screen.findByTestId('place')).toHaveTextContent('Production, local, default');
  expect(screen.getByTestId('create-submit')).toHaveClass('environment-PRODUCTION');
  expect(screen.getByTestId('create-submit')).toHaveTextContent('Create in production');
});

it('without a cluster it is said why nothing is created', async () => {
  const sent = open({ clusters: [] });
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  await userEvent.click(screen.getByTestId('create-submit'));
  expect(await screen.findByText(/There is no cluster to create it in/)).toBeInTheDocument();
  expect(sent).toEqual([]);
});
