// The API, asked as the administrator of the tests.
import { base } from './browser.mjs';

const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { ... on Session { accessToken } } }';

/** An access token. A busy machine asks for another try. */
export async function accessToken(settings = process.env, of = base) {
  const input = { username: settings.BINNACLE_TEST_USERNAME, password: settings.BINNACLE_TEST_PASSWORD };
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await post(of, LOGIN, { input });
    if (answer.data?.login.accessToken) return answer.data.login.accessToken;
  }
  throw new Error('The administrator cannot sign in.');
}

/** Asks, and fails where there is an error or a command is refused. */
export async function connect(settings = process.env, of = base) {
  const token = await accessToken(settings, of);
  return async (query, variables = {}) => {
    const { data, errors } = await post(of, query, variables, { authorization: `Bearer ${token}` });
    const refused = Object.values(data ?? {}).find((answer) => answer?.__typename === 'OperationRefused');
    if (errors || refused) throw new Error(JSON.stringify(errors ?? refused));
    return data;
  };
}

/** A mutation of a workload, by its name. */
export function command(name) {
  const input =
    name === 'restartWorkload' ? 'WorkloadInput' : `${name[0].toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) {
    __typename ... on OperationAccepted { operation { id } } ... on OperationRefused { code message } } }`;
}

/** The public id of a Deployment. */
export const idOf = (cluster, namespace, name) => `Deployment~${cluster}~${namespace}~${name}`;

/** The id of the only cluster. */
export async function clusterOf(ask) {
  const { clusters } = await ask('{ clusters { nodes { id } } }');
  return clusters.nodes[0].id;
}

/** Asks again until there is an answer. */
export async function until(ask, minutes = 2) {
  const end = Date.now() + minutes * 60_000;
  for (; Date.now() < end; await new Promise((go) => setTimeout(go, 100))) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`It did not happen within ${minutes} minutes.`);
}

async function post(of, query, variables, headers = {}) {
  const response = await fetch(`${of}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
