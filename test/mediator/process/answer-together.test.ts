import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answerTogether } from '../../../src/mediator/process/answer-together.ts';
import { ClientProcesses, type ClientProcess } from '../../../src/mediator/process/client-processes.ts';
import { until } from '../../until.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A world in which clients appear, and a reading is a copy of those that are there. */
function smallWorld(duringReading: () => void) {
  const [clients, answers] = [new Set<string>(), new Map<string, boolean>()];
  let readings = 0;
  const ask = answerTogether<string, ReadonlySet<string>>(
    () => {
      const seen = new Set(clients);
      readings += 1;
      duringReading();
      return seen;
    },
    (questions, seen) => {
      for (const client of questions) answers.set(client, seen.has(client));
    },
  );
  const come = (client: string): void => {
    clients.add(client);
    ask(client);
  };
  return { come, answers, readings: () => readings };
}

it('clients that come together are answered by one reading', async () => {
  const world = smallWorld(() => {});
  for (const client of ['a', 'b', 'c']) world.come(client);
  await until(() => world.answers.size === 3);
  expect([...world.answers]).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ]);
  expect(world.readings()).toBe(1);
});

it('a client that comes once a reading has begun is answered by the next one', async () => {
  const world = smallWorld(() => {
    if (world.readings() === 1) world.come('late');
  });
  world.come('early');
  await until(() => world.answers.has('late'));
  expect([...world.answers]).toEqual([
    ['early', true],
    ['late', true],
  ]);
  expect(world.readings()).toBe(2);
});

const CONNECTS = "import { connect } from 'node:net'; connect(Number(process.argv[1]), '127.0.0.1')";

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('programs that connect together are each named rightly', async () => {
    const accepted: Socket[] = [];
    const server = createServer(socket => accepted.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    endings.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const children: ChildProcess[] = [];
    for (let count = 0; count < 3; count += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', CONNECTS, `${port}`]);
      endings.push(() => void child.kill('SIGKILL'));
      children.push(child);
      await until(() => accepted.length === count + 1);
    }
    const own = connect(port, '127.0.0.1');
    endings.push(() => own.destroy());
    await until(() => accepted.length === 4);
    const rightly = [...children.map(({ pid }) => pid), process.pid];

    const processes = new ClientProcesses();
    endings.push(() => processes.stop());
    // The budget may end within a round: then some are not named, and another round names them.
    let round: readonly (ClientProcess | null)[] = [];
    await until(() => {
      round = accepted.map(socket => processes.of(socket));
      return until(() => round.every(client => client?.known), { deadlineMs: 1000 });
    });
    expect(round.map(client => client?.known?.pid)).toEqual(rightly);
  });
});
