import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bypassesIn } from '../../../src/commands/bypass/bypass-sampler.ts';
import { readTableAddress } from '../../../src/commands/bypass/read-address.ts';
import { World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());
vi.setConfig({ testTimeout: 60_000 });

it.each([
  ['0100007F', '127.0.0.1'],
  ['0A0200C0', '192.0.2.10'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
])('an address is read from the table of sockets: %s', (text, address) => {
  expect(readTableAddress(text)).toBe(address);
});

it('what leads to the mediator, to the program itself or into its own server is no bypass', () => {
  const loopback = '0100007F';
  const row = (localPort: number, remotePort: number, inode: string, rest: object = {}) => ({
    localPort,
    remotePort,
    inode,
    remoteAddress: loopback,
    state: '01',
    proto: 'tcp' as const,
    ...rest,
  });
  const rows = [
    row(1000, 8877, 'mediated'),
    row(1001, 1002, 'one end'),
    row(1002, 1001, 'other end'),
    row(3000, 0, 'server', { state: '0A' }),
    row(3000, 4000, 'accepted', { remoteAddress: '0A0200C0' }),
    row(1003, 443, 'out', { remoteAddress: '0A0200C0' }),
    row(1004, 53, 'look-up', { proto: 'udp' }),
    row(1005, 443, 'of another program', { remoteAddress: '0A0200C0' }),
  ];
  const own = rows.map(({ inode }) => inode).filter(inode => inode !== 'of another program');
  expect(bypassesIn({ rows, sockets: new Map([[7, own]]) }, 8877)).toEqual([
    { host: '192.0.2.10', port: 443, proto: 'tcp', pid: 7, inode: 'out' },
    { host: '127.0.0.1', port: 53, proto: 'udp', pid: 7, inode: 'look-up' },
  ]);
});

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

describe.skipIf(process.platform !== 'linux')('run --record-bypass', () => {
  it('run --record-bypass records a connection that a child of the program makes by itself, once', async () => {
    const held = await world.tcp(socket => socket.on('data', () => socket.write('x')));
    const mediator = await world.mediator({ mode: 'strict' });
    const script = `python3 -c 'import socket,sys,time
s = socket.create_connection(("127.0.0.1", ${held})); p = socket.create_connection(("127.0.0.1", ${mediator.address.split(':')[1]}))
sys.stdin.read()'; true`;
    const flags = ['run', '--socket', mediator.socketPath, '--record-bypass', '--agent', 'builder'];
    const child = spawn(process.execPath, [CLI, ...flags, '--', 'sh', '-c', script]);
    world.atEnd(() => void child.kill('SIGKILL'));
    expect(await world.record('egress_bypass')).toMatchObject({
      agent: 'builder',
      host: '127.0.0.1',
      dst: `127.0.0.1:${held}`,
      proto: 'tcp',
      process: 'python3',
      sampled: true,
    });
    child.stdin.end();
    await once(child, 'close');
    expect(world.events().filter(event => event === 'egress_bypass')).toHaveLength(1);
  });
});
