import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inodeOf, readSocketTable, spellCommand } from '../../../src/mediator/process/socket-owner.ts';
import { until } from '../../until.ts';
import { dialMediator, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:22AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:22AD 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1
   2: 0100007F:C350 0100007F:22AD 01 00000000:00000000 00:00000000 00000000  1000        0 13 1 0 20 4 30 10 -1
`;

it('the client of a connection is found in the table of sockets, and not the mediator’s own end', () => {
  expect(readSocketTable(TABLE)).toHaveLength(3);
  expect(inodeOf(['', TABLE], { clientPort: 50_000, serverPort: 8877 })).toBe('13');
  expect(inodeOf([TABLE], { clientPort: 50_001, serverPort: 8877 })).toBeNull();
});

it.each([
  [['/usr/bin/curl', '-H', 'Authorization: secret', 'https://x'], 'curl'],
  [['node', '/usr/lib/npm/bin/npm-cli.js', 'install'], 'node npm-cli.js'],
  [['node', '--max-old-space-size=1', '-e', 'secret()'], 'node'],
  [['npm install secret', ''], 'npm'],
  [['/usr/bin/python3.11', '-m', 'pip', 'install'], 'python3.11 -m pip'],
  [['bash', '-c', 'curl -u secret'], 'bash'],
  [['java', '-jar', '/opt/tool.jar', 'secret'], 'java tool.jar'],
  [['x'.repeat(100)], 'x'.repeat(64)],
  [[''], ''],
])('a command line is told without what may be secret: %j', (words, told) => {
  expect(spellCommand(words)).toBe(told);
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('records name the process of a client, a denial by a later record of the same attempt', async () => {
    const echo = await world.tcp(socket => socket.pipe(socket));
    const mediator = await world.mediator({
      namesProcesses: true,
      mode: 'strict',
      policy: 'passthrough:\n  - raw.example\n',
      pins: [`raw.example:127.0.0.1:${echo}`],
    });
    const client = await dialMediator(mediator);
    client.write('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n');
    const { correlation_id } = await world.record('egress_deny', { host: 'evil.example' });
    const named = await until(() =>
      world.records().find(({ correlation_id: id, pid }) => id === correlation_id && pid !== undefined),
    );
    expect(named).toMatchObject({ pid: process.pid, process: expect.stringMatching(/^node/) });
    // The thread has the lowest priority: on a busy machine a connection may end before its process is found.
    const closed = () => world.records().filter(({ event }) => event === 'egress_close');
    for (let ended = 0, isNamed = false; !isNamed && ended < 20; ended += 1) {
      const { socket } = await tunnel(mediator, 'raw.example:2222');
      socket.write('hello');
      await once(socket, 'data');
      await pause(100 * (ended + 1));
      socket.destroy();
      const record = await until(() => closed()[ended]);
      isNamed = record?.['pid'] === process.pid;
    }
    expect(closed().at(-1)).toMatchObject({ pid: process.pid, process: expect.stringMatching(/^node/) });
  });
});
