// GraphQL over HTTP as its specification wants it: the public audit suite, and the clients of others.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { serverAudits } from 'graphql-http';
import { accessToken } from './api.mjs';
import { base, setting } from './browser.mjs';

const url = `${base}/graphql`;
const VIEWER = '{ viewer { id username } }';
let token;

/** Asks with the token of the administrator, and remembers how. */
function spy() {
  const calls = [];
  const fetchFn = async (address, options = {}) => {
    const headers = { ...Object.fromEntries(new Headers(options.headers)), authorization: `Bearer ${token}` };
    const response = await fetch(address, { ...options, headers });
    calls.push({ method: options.method ?? 'GET', status: response.status });
    return response;
  };
  return { calls, fetchFn };
}

before(async () => {
  token = await accessToken();
});

const audits = serverAudits({ url, fetchFn: spy().fetchFn });

test('the suite has all its audits', () => assert.equal(audits.length, 61));

for (const { id, name, fn } of audits) {
  test(`${id}: ${name}`, async () => {
    const { status, reason } = await fn();
    assert.equal(status, 'ok', reason);
  });
}

test('urql asks by GET', async () => {
  const { calls, fetchFn } = spy();
  const client = new Client({ url, exchanges: [fetchExchange], fetch: fetchFn, preferGetMethod: true });
  const query = 'query Find($name: String) { namespaces(search: $name, first: 1) { totalCount } }';
  const { data, error } = await client.query(query, { name: 'nobody-has-this' }).toPromise();
  assert.equal(error, undefined);
  assert.equal(data.namespaces.totalCount, 0);
  assert.deepEqual(calls, [{ method: 'GET', status: 200 }]);
});

for (const useGETForHashedQueries of [false, true]) {
  const first = useGETForHashedQueries ? 'GET' : 'POST';
  test(`Apollo Client sends the document where its hash is not known: ${first} first`, async () => {
    const { calls, fetchFn } = spy();
    const persisted = new PersistedQueryLink({ sha256: async () => 'ab'.repeat(32), useGETForHashedQueries });
    const link = persisted.concat(new HttpLink({ uri: url, fetch: fetchFn }));
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    for (let nth = 0; nth < 2; nth += 1) {
      const { data } = await client.query({ query: gql(VIEWER), fetchPolicy: 'network-only' });
      assert.equal(data.viewer.username, setting('BINNACLE_TEST_USERNAME'));
    }
    const sent = calls.map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual(sent, [`${first} 400`, 'POST 200', 'POST 200'], 'a hash is tried once');
  });
}

test('the Python client gql asks over HTTP and follows over a socket', async () => {
  const python = join(setting('PYTHON_CLIENT'), 'bin', 'python');
  const script = new URL('python/client.py', import.meta.url).pathname;
  const options = { env: { ...process.env, BINNACLE_TOKEN: token }, timeout: 120_000 };
  const { stdout } = await promisify(execFile)(python, [script, url], options);
  const { answer, event } = JSON.parse(stdout);
  assert.equal(answer.viewer.username, setting('BINNACLE_TEST_USERNAME'));
  assert.equal(answer.namespaces.totalCount, 0);
  assert.equal(event.auditEventRecorded.position, '1');
});

test('Relay refetches a fragment by node', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'binnacle-relay-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const schema = await readFile(new URL('../../gateway/schema.graphql', import.meta.url));
  await writeFile(join(folder, 'schema.graphql'), schema);
  const config = { src: '.', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  const fragment = `fragment app_workload on Workload
    @refetchable(queryName: "appRefetchQuery")
    @argumentDefinitions(first: {type: "Int", defaultValue: 1}, after: {type: "String"}) {
      id name pods(first: $first, after: $after) @connection(key: "app_pods") { edges { node { id phase } } }
    }`;
  await writeFile(join(folder, 'app.js'), `graphql\`${fragment}\`;\n`);
  const compiler = new URL('node_modules/.bin/relay-compiler', import.meta.url).pathname;
  await promisify(execFile)(compiler, ['relay.config.json'], { cwd: folder });
  const artifacts = await readdir(join(folder, '__generated__'));
  assert.ok(artifacts.includes('appRefetchQuery.graphql.js'), artifacts.join());
  const artifact = await readFile(join(folder, '__generated__', 'appRefetchQuery.graphql.js'), 'utf8');
  const query = JSON.parse(artifact.match(/"text": ("(?:[^"\\]|\\.)*")/)[1]);
  const variables = { id: 'Deployment~dev~none~none' };
  const { fetchFn } = spy();
  const options = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const answer = await fetchFn(url, { ...options, body: JSON.stringify({ query, variables }) });
  assert.deepEqual(await answer.json(), { data: { node: null } });
});
