// A gateway for the tests alone, on a database of its own, that they may end and start again.
import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/**
 * Starts it with these settings beside the usual ones and waits until it is ready. Answers what its tests need to know,
 * how to end it and start it again on the same port and database, and how to leave nothing of it.
 */
export async function startGateway(more = {}, logName = 'gateway') {
  const {
    BINNACLE_BIN: folder,
    BINNACLE_DATABASE_URL: url,
    BINNACLE_DATABASE_ADMIN_URL: admin,
  } = process.env;
  if (!folder || !url || !admin)
    throw new Error('Set BINNACLE_URL, or run the tests by `make test-browser`.');
  const name = `browser_${randomBytes(4).toString('hex')}`;
  const inside = (address) => Object.assign(new URL(address), { pathname: `/${name}` }).href;
  const psql = (statement, address) =>
    run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', statement, address]);
  await psql(`CREATE DATABASE ${name}`, admin);
  const binary = join(folder, 'binnacle');
  await run(binary, ['migrate'], { env: { ...process.env, BINNACLE_DATABASE_ADMIN_URL: inside(admin) } });

  const keys = await mkdtemp(join(tmpdir(), 'binnacle-keys-'));
  const signingKey = join(keys, 'signing-key');
  await run(join(folder, 'binnacle-audit'), ['key', '--name', 'test.example/log', '--file', signingKey]);

  const sealingKey = join(keys, 'sealing-key');
  await writeFile(sealingKey, `test ${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });

  const port = await freePort();
  const settings = {
    BINNACLE_URL: `http://127.0.0.1:${port}`,
    BINNACLE_TEST_USERNAME: 'admin',
    BINNACLE_TEST_PASSWORD: randomBytes(12).toString('hex'),
  };
  const env = {
    ...process.env,
    BINNACLE_LISTEN: `127.0.0.1:${port}`,
    BINNACLE_DATABASE_URL: inside(url),
    BINNACLE_ADMIN_USERNAME: settings.BINNACLE_TEST_USERNAME,
    BINNACLE_ADMIN_PASSWORD: settings.BINNACLE_TEST_PASSWORD,
    BINNACLE_SIGNING_KEY_FILE: signingKey,
    BINNACLE_SEALING_KEY_FILE: sealingKey,
    ...more,
  };
  const results = new URL('results/', import.meta.url).pathname;
  await mkdir(results, { recursive: true });
  const log = await open(join(results, `${logName}.log`), 'w');

  let gateway;
  const start = async (other = {}) => {
    gateway = spawn(binary, ['serve'], { stdio: ['ignore', log.fd, log.fd], env: { ...env, ...other } });
    await untilReady(settings.BINNACLE_URL, gateway, logName);
  };
  const end = async (signal = 'SIGTERM') => {
    if (gateway.exitCode !== null || gateway.signalCode !== null) return;
    gateway.kill(signal);
    await once(gateway, 'exit');
  };
  const stop = async () => {
    await end();
    await log.close();
    await rm(keys, { recursive: true, force: true });
    await psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, admin);
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    settings,
    start,
    end,
    stop,
    /** Runs SQL as the owner of its database. */
    sql: (statement) => psql(statement, inside(admin)),
    /** Runs another command of the same program on its database. */
    tool: (...args) => run(binary, args, { env }),
  };
}

async function untilReady(url, gateway, logName) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end && gateway.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`The gateway did not become ready; its log is results/${logName}.log.`);
}

/** A port that nobody uses, below those that the kernel gives to connections. */
async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await new Promise((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    server.close();
    if (isFree) return port;
  }
}
