import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ClientProcesses } from '../../../src/mediator/process/client-processes.ts';
import { ProxyServer } from '../../../src/mediator/proxy-server.ts';
import { smallMediation } from '../tunnel/small-mediation.ts';
import { readAll } from '../world.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

it('a ruling never waits for the look-up of its client’s process', async () => {
  const processes = new ClientProcesses(new URL('./silent-thread.ts', import.meta.url));
  const recorded: string[] = [];
  const proxy = new ProxyServer(
    smallMediation({
      processes,
      recordThen: ({ event }, written) => {
        recorded.push(event);
        setImmediate(written, null);
      },
    }),
  );
  proxy.server.listen(0, '127.0.0.1');
  await once(proxy.server, 'listening');
  endings.push(
    () => proxy.close(),
    () => processes.stop(),
  );
  const { port } = proxy.server.address() as AddressInfo;
  // More clients than look-ups that may wait at once.
  for (let count = 1; count <= 40; count += 1) {
    const client = connect(port, '127.0.0.1');
    client.write('CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n');
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 403 /);
    expect(recorded).toEqual(Array<string>(count).fill('egress_deny'));
  }
});
