// A link on loopback to a real server: it passes, is slow, holds what flows, or is cut.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** Opens a link to a port of this machine. */
export async function openLink(port) {
  /** `delay` is in milliseconds, for each answer. */
  let link = { is: 'passing', delay: 0 };
  let changed = withResolvers();
  const sockets = new Set();
  const set = (next) => {
    link = { is: 'passing', delay: 0, ...next };
    if (link.is === 'cut') for (const socket of sockets) socket.destroy();
    changed.resolve();
    changed = withResolvers();
  };
  const passing = async () => {
    while (link.is === 'held') await changed.promise;
  };
  const late = () => {
    let line = Promise.resolve();
    /** One after the other, each so late after it came. */
    const wait = (then) => {
      const due = Date.now() + link.delay;
      line = line
        .then(() => setTimeout(Math.max(0, due - Date.now())))
        .then(passing)
        .then(then);
    };
    return new Transform({
      transform(chunk, _encoding, taken) {
        wait(() => this.destroyed || this.push(chunk));
        taken();
      },
      flush(done) {
        wait(() => done());
      },
    });
  };
  const server = createServer((near) => {
    if (link.is === 'cut') return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(late()).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    pass: () => set({}),
    slow: (delay) => set({ delay }),
    /** Nothing of what is answered arrives before it passes again. */
    hold: () => set({ is: 'held' }),
    cut: () => set({ is: 'cut' }),
    close: () => {
      set({ is: 'cut' });
      server.close();
    },
  };
}

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
