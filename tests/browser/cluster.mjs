// A namespace of the test's own in the cluster that KUBECONFIG points to.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function kubectl(...args) {
  const { stdout } = await run(process.env.KUBECTL ?? 'kubectl', args);
  return stdout;
}

export async function makeNamespace() {
  const name = `browser-test-${randomBytes(4).toString('hex')}`;
  await kubectl('create', 'namespace', name);
  return { name, remove: () => kubectl('delete', 'namespace', name, '--wait=false') };
}
