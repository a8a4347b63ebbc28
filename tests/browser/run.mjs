// Runs the tests, or those that are named, against the console that BINNACLE_URL names, or against one started for them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startGateway } from './gateway.mjs';

const gateway = process.env.BINNACLE_URL ? null : await startGateway();
const named = process.argv.slice(2);
const all =
  'audit routes shell journey objects edit jobs keyboard display outage clusters'.split(' ');
const files = (named.length > 0 ? named : all).map((name) => `${name}.test.mjs`);
const pictures = named.includes('pictures') && {
  PICTURES: new URL('results/pictures', import.meta.url).pathname,
};
const runner = spawn(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', '--test-timeout=600000', ...files],
  {
    cwd: new URL('.', import.meta.url).pathname,
    stdio: 'inherit',
    env: { ...process.env, ...gateway?.settings, ...pictures },
  },
);
const [status] = await once(runner, 'exit');
await gateway?.stop();
process.exitCode = status ?? 1;
