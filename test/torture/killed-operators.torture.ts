import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { PROGRAM } from '../journeys/dashboard.ts';
import { ask, machine } from '../journeys/mediator-machine.ts';
import { Operator } from '../mediator/ask/operator.ts';
import { until } from '../until.ts';
import { scaled } from './scale.ts';

type World = Awaited<ReturnType<typeof machine>>;

const socketOf = ({ home }: World): string => join(home, 'run', 'egresstop', 'mediator.sock');

function start(world: World, ...args: readonly string[]): ChildProcess {
  const env = { PATH: process.env['PATH'], HOME: world.home, XDG_RUNTIME_DIR: join(world.home, 'run') };
  return spawn(process.execPath, [PROGRAM, ...args], { env, stdio: 'ignore' });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** The status of a request; null where its connection was cut. */
const status = (port: number): Promise<number | null> => ask(port).catch(() => null);

const records = ({ home }: World, event: string): readonly Record<string, unknown>[] =>
  readFileSync(join(home, '.local/state/egresstop/audit.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line.includes(`"${event}"`))
    .map(line => JSON.parse(line) as Record<string, unknown>);

it('kill -9 of egresstop answer at any moment leaves one answer or none, and what waits is not let through by it', async () => {
  await using world = await machine('ask');
  const { port } = await world.mediator();
  const operator = await Operator.answering(socketOf(world));
  for (let round = 0; round < scaled(40, 6); round += 1) {
    operator.heard.length = 0;
    const answered = status(port);
    const { id } = await operator.hears('ask');
    const command = start(world, 'answer', String(id), 'allow');
    await Promise.race([once(command, 'close'), pause(Math.random() * 500)]);
    await kill(command);
    operator.answer(id, 'deny', 'once');
    await operator.hears('answered', { id });
    const answers = records(world, 'egress_answer').filter(({ question }) => question === id);
    expect(answers).toHaveLength(1);
    expect(await answered).toBe(answers[0]?.['answer'] === 'allow' ? 200 : 403);
  }
  operator.socket.destroy();
});

it('kill -9 of the only one who follows denies what waits, at once', async () => {
  await using world = await machine('ask');
  const { port } = await world.mediator();
  for (let round = 0; round < scaled(20, 3); round += 1) {
    const follower = start(world, 'ask', '--follow');
    /** A request that waits; null as long as nobody follows, and it is denied at once. */
    const waits = async (): Promise<{ readonly asked: Promise<number | null> } | null> => {
      const asked = status(port);
      const settled = await Promise.race([asked, pause(200).then(() => 'waits')]);
      return settled === 'waits' ? { asked } : null;
    };
    const waiting = await until(waits);
    const killedAt = performance.now();
    await kill(follower);
    expect(await waiting?.asked).toBe(403);
    expect(performance.now() - killedAt).toBeLessThan(10_000); // and not when the wait is over
  }
  expect(records(world, 'egress_allow')).toEqual([]);
});

it('kill -9 of the mediator lets nothing go that waits, and the next one asks again', async () => {
  await using world = await machine('ask');
  for (let round = 0; round < scaled(20, 3); round += 1) {
    const { child, port } = await world.mediator();
    const operator = await Operator.answering(socketOf(world));
    const waiting = status(port);
    const { id } = await operator.hears('ask');
    await kill(child);
    expect(await waiting).toBeNull();
    await until(() => operator.socket.destroyed);
    expect(records(world, 'egress_answer').filter(({ question }) => question === id)).toEqual([]);
  }
  expect(records(world, 'egress_allow')).toEqual([]);
  expect(new Set(records(world, 'egress_ask').map(({ question }) => question)).size).toBe(scaled(20, 3));
});
