// What goes wrong around the dashboard: each time one box says so, and leaves by itself when it is over.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { clusterOf, command, connect, idOf, until } from './api.mjs';
import { launchBrowser, signIn } from './browser.mjs';
import { apiServerPort, apply, deployment, kubeconfigFor, kubectl, makeNamespace } from './cluster.mjs';
import { startGateway } from './gateway.mjs';
import { openLink } from './link.mjs';
import { boxes, noBox, oneBox, openTabs, shoot } from './tabs.mjs';

const run = promisify(execFile);
let browser;
let folder;
let namespace;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binnacle-outage-'));
  namespace = await makeNamespace();
  await apply(deployment(namespace.name, 'steady', { command: ['sleep', '3600'] }));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await namespace?.remove();
  await rm(folder, { recursive: true, force: true });
});

// Most of it is waiting, and every one has a gateway of its own.
describe('one box, which leaves by itself', { concurrency: 2 }, () => {
  test('the gateway is down while pages are open', async (t) => {
    const gateway = await started(t, 'down');
    const id = await seen(gateway, 'steady');
    const detail = `/workloads/${encodeURIComponent(id)}`;
    const ours = `/workloads?ns=${namespace.name}`;
    const places = ['/', ours, detail, '/audit', '/workloads/new'];
    const tabs = await openTabs(t, browser, gateway, places);
    await gateway.end('SIGKILL');
    await apply(deployment(namespace.name, 'meanwhile', {}, { replicas: 0 }));
    await oneBox('gateway-down', tabs, {
      'en-US': ['The server is not available.', 'The clusters are not affected.', /by itself/],
      'zh-CN': ['服务器暂不可用。', '集群不受影响。', /自动重试/],
    });
    await gateway.start();
    await noBox(tabs);
    const list = tabs.find(({ place }) => place === ours).page;
    await list.getByTestId('connection').and(list.locator('[data-state=live]')).waitFor();
    const row = list.locator('[data-testid=workload-row][data-name=meanwhile]');
    await row.filter({ hasText: namespace.name }).waitFor();
  });

  test('the network is slow, and then nothing answers', async (t) => {
    const gateway = await started(t, 'slow');
    const link = await openLink(new URL(gateway.settings.BINNACLE_URL).port);
    t.after(link.close);
    const tabs = await openTabs(t, browser, gateway, ['/workloads'], `http://127.0.0.1:${link.port}`);
    const write = (text) =>
      Promise.all(tabs.map(({ page }) => page.getByTestId('workload-search').fill(text)));

    link.slow(3_500);
    await write('stea');
    for (const { page } of tabs) {
      await page.getByTestId('reading-bar').waitFor();
      await page.locator('.list-tools').getByRole('status').and(page.locator('.quiet')).waitFor();
      assert.deepEqual(await boxes(page), [], 'waiting is no fault');
    }
    await shoot('slow-network', tabs);
    for (const { page } of tabs) {
      await page.getByTestId('reading-bar').waitFor({ state: 'detached' });
      // A way that is slow says at once that it was pressed, and leaves no blank page.
      await page.getByTestId('nav-pods').click();
      await page.getByTestId('reading-bar').waitFor({ timeout: 1_000 });
      const isBlank = () =>
        page.locator('main').evaluate((main) => !main.querySelector('h1, .ant-skeleton, .reading-bar'));
      for (; !(await page.getByTestId('pod-row').first().isVisible()); await page.waitForTimeout(50))
        assert.equal(await isBlank(), false);
      await page.getByTestId('nav-workloads').click();
      await page.getByTestId('workload-row').first().waitFor();
    }

    link.hold();
    await write('steady');
    await oneBox('no-answer', tabs, {
      'en-US': ['The server has not answered for 10 seconds.', 'Retry'],
      'zh-CN': ['服务器已有 10 秒没有响应。', '重试'],
    });
    // The socket is found dead later, which is no second fault.
    for (const { page } of tabs) {
      await page.getByTestId('connection').and(page.locator('[data-state=stale]')).waitFor();
      assert.equal((await boxes(page)).length, 1);
    }
    link.pass();
    await noBox(tabs);
  });

  test('a session ends while its page is open', async (t) => {
    const gateway = await started(t, 'session', { BINNACLE_ACCESS_TOKEN_TTL: '5s' });
    const place = `/workloads?ns=${namespace.name}`;
    const tabs = await openTabs(t, browser, gateway, [place]);
    for (const { page } of tabs) await page.clock.install();
    await gateway.sql('UPDATE auth.sessions SET expires_at = now()');
    await oneBox('session-ended', tabs, {
      'en-US': ['Your session has ended. Sign in again.', 'You come back to the page where you were.'],
      'zh-CN': ['会话已结束，请重新登录。', '登录后会回到刚才的页面。'],
    });
    // Whoever comes back later still reads why.
    for (const { page } of tabs) await page.clock.fastForward('01:00');
    for (const { page } of tabs) {
      await page.waitForLoadState('networkidle');
      assert.equal((await boxes(page)).length, 1);
      await signIn(page, gateway.settings);
      await page.waitForURL((url) => url.pathname + url.search === place);
      assert.deepEqual(await boxes(page), []);
    }
  });

  test('a cluster does not answer', async (t) => {
    const link = await openLink(await apiServerPort());
    t.after(link.close);
    const kubeconfig = await kubeconfigFor(join(folder, 'away'), { port: link.port });
    const gateway = await started(t, 'cluster', { KUBECONFIG: kubeconfig });
    const id = await seen(gateway, 'steady');
    const detail = `/workloads/${encodeURIComponent(id)}`;
    const tabs = await openTabs(t, browser, gateway, ['/', '/workloads', '/pods', detail]);
    link.cut();
    await oneBox('cluster-away', tabs, {
      'en-US': [/Cluster \S+ does not answer\./, 'Its data is from before the outage.'],
      'zh-CN': [/集群 \S+ 没有响应。/, '所示数据是集群失联前的状态。'],
    });
    link.pass();
    await noBox(tabs);
  });

  test('one list is behind the log', async (t) => {
    const gateway = await started(t, 'behind');
    const id = await seen(gateway, 'steady');
    const ask = await connect(gateway.settings, gateway.settings.BINNACLE_URL);
    await gateway.sql(
      "ALTER TABLE read.operations_log ADD CONSTRAINT no_poison CHECK (reason IS DISTINCT FROM 'poison')",
    );
    await ask(command('scaleWorkload'), { input: { id, replicas: 2, reason: 'poison' } });
    await until(async () => (await ask('{ server { behind { list } } }')).server.behind.length > 0);
    const { behind } = (await ask('{ server { behind { position } } }')).server;
    const tabs = await openTabs(t, browser, gateway, ['/operations', '/']);
    await oneBox('list-behind', tabs, {
      'en-US': ['Some lists are not up to date.', 'An administrator finds the reason'],
      'zh-CN': ['部分列表不是最新状态。', '管理员可在服务器日志中查看原因。'],
    });
    const position = String(Number(behind[0].position) + 1);
    const decision = ['--projection', 'operations_log', '--position', position, '--reason', 'a test'];
    await gateway.tool('quarantine', ...decision);
    const [lists, overviews] = [false, true].map((isFirst) => tabs.filter(({ place }) => (place === '/') === isFirst));
    await noBox(overviews);
    // The one operation was left out, so the list is empty and says what to do first.
    await oneBox('list-caught-up', lists, {
      'en-US': ['There are no operations yet.'],
      'zh-CN': ['还没有任何操作。'],
    });
  });

  test('a kind may not be read', async (t) => {
    const name = `${namespace.name}-reader`;
    const read = ['get', 'list', 'watch'];
    const rule = (apiGroups, resources) => ({ apiGroups, resources, verbs: read });
    const role = (...rules) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules,
    });
    const whole = ['', 'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'autoscaling', 'batch', 'events.k8s.io'];
    whole.push('metrics.k8s.io', 'networking.k8s.io', 'policy', 'rbac.authorization.k8s.io', 'scheduling.k8s.io');
    const most = [
      rule([...whole, 'storage.k8s.io'], ['*']),
      rule(['apps'], ['deployments', 'replicasets', 'daemonsets']),
    ];
    const account = { name: 'reader', namespace: namespace.name };
    await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }, role(...most), {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    });
    t.after(() => kubectl('delete', 'clusterrole,clusterrolebinding', name));
    const token = (await kubectl('-n', namespace.name, 'create', 'token', 'reader')).trim();
    const gateway = await started(t, 'forbidden', {
      KUBECONFIG: await kubeconfigFor(join(folder, 'reader'), { token }),
    });
    await seen(gateway, 'steady');
    const tabs = await openTabs(t, browser, gateway, ['/workloads?kind=STATEFUL_SET', '/']);
    await oneBox('forbidden-kind', tabs, {
      'en-US': [/does not let Binnacle read all kinds\./, /statefulsets\.apps is forbidden/],
      'zh-CN': [/不允许 Binnacle 读取全部类型。/, /statefulsets\.apps is forbidden/],
    });
    await apply(role(...most, rule(['apps'], ['statefulsets'])));
    // There are none of them, which is said now.
    await noBox(tabs.filter(({ place }) => place === '/'));
  });

  test('a cluster is empty', {
    skip: !process.env.BINNACLE_CLUSTER_DIR && 'there is no local cluster',
  }, async (t) => {
    const script = new URL('../cluster/empty.sh', import.meta.url).pathname;
    const state = join(folder, 'empty');
    t.after(() => run(script, ['down', state]));
    const KUBECONFIG = (await run(script, ['up', state])).stdout.trim();
    const gateway = await started(t, 'empty', { KUBECONFIG });
    const tabs = await openTabs(t, browser, gateway, ['/', '/workloads']);
    await oneBox('empty-cluster', tabs, {
      'en-US': [/There are no workloads/, 'Create the first workload'],
      'zh-CN': [/没有工作负载/, '创建第一个工作负载'],
    });
    assert.doesNotMatch(await tabs[0].page.getByTestId('capacity').innerText(), /-0|All ready/);
    const first = ['create', 'deployment', 'first', '--image=busybox', '--replicas=0'];
    await kubectl(`--kubeconfig=${KUBECONFIG}`, ...first);
    // Its usage is not measured, which is said once there is something to measure.
    for (const { page } of tabs)
      await page.getByText('first', { exact: true }).or(page.getByTestId('problems')).first().waitFor();
  });
});

/** A gateway of its own, with few connections to the database: there are several at once. */
async function started(t, name, env = {}) {
  const gateway = await startGateway({ BINNACLE_DATABASE_CONNECTIONS: '6', ...env }, `gateway-${name}`);
  t.after(gateway.stop);
  return gateway;
}

/** The id of a Deployment of the tests, once the gateway knows it. */
async function seen({ settings }, name) {
  const ask = await connect(settings, settings.BINNACLE_URL);
  const id = idOf(await clusterOf(ask), namespace.name, name);
  const query = 'query($id: ID!) { workload(id: $id) { state } }';
  await until(async () => (await ask(query, { id })).workload?.state === 'RUNNING');
  return id;
}
