import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 2000;

/** Asks the mediator behind a socket to look at its policy and its authority again, and waits for its answer. Does nothing where nobody serves the socket. */
export async function askReload(path: string): Promise<void> {
  const socket = connect(path);
  socket.on('error', () => socket.destroy()); // `close` follows
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  const closed = once(socket, 'close');
  socket.write('{"type":"reload"}\n');
  createInterface({ input: socket })
    .on('error', () => socket.destroy()) // the socket's own, told once more
    .on('line', line => {
      if (line.startsWith('{"type":"policy"')) socket.destroy();
    });
  await closed;
}
