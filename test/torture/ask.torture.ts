import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/event.ts';
import type { Mediator } from '../../src/mediator/start-mediator.ts';
import { Operator } from '../mediator/ask/operator.ts';
import { dialMediator, readAll, World } from '../mediator/world.ts';
import { until } from '../until.ts';
import { scaled } from './scale.ts';

const QUESTIONS = scaled(10_000);
const AT_ONCE = 160;
const AGENTS = 20;
const LIMITS = { perAgent: 24, inAll: 256, heldPerAgent: 32, heldInAll: 128, holdMs: 400, keepMs: 700 };

const TERMS = ['once', 'once', '50ms', 'run'] as const;
const VERDICTS = ['allow', 'deny', 'passthrough', 'deny'] as const;

const random = (below: number): number => Math.floor(Math.random() * below);
const hostOf = (index: number): string => `h${index}.example`;
/** A public address of its own for each host: a proxy behind the mediator tells by it which one was let through. */
const addressOf = (index: number): string => `93.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** An upstream proxy that counts by address what reaches it, and answers every request. */
async function countingProxy(world: World) {
  const reached = new Map<string, number>();
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy());
    socket.once('data', head => {
      const address = /^CONNECT ([\d.]+):80 /.exec(head.toString())?.[1] ?? '?';
      reached.set(address, (reached.get(address) ?? 0) + 1);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
      );
    });
  });
  return { reached, port: await world.listen(server) };
}

/** Asks for a host, and gives up at any moment in some cases. Returns the status; null where it gave up or was cut. */
async function attempt(mediator: Mediator, index: number): Promise<number | null> {
  const host = hostOf(index);
  const socket: Socket = await dialMediator(mediator);
  const credentials = btoa(`a${index % AGENTS}:x`);
  socket.write(
    `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`,
  );
  const answer = readAll(socket);
  if (random(4) === 0) {
    await Promise.race([answer, pause(random(200))]);
    socket.destroy();
  }
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await answer)?.[1] ?? 0) || null;
}

/** Answers most of what is asked, in some cases twice and late, and all of it in a race with the others. */
function answering(operator: Operator): void {
  const seen = new Set<unknown>();
  let read = 0;
  operator.socket.on('data', () => {
    for (const { type, id } of operator.heard.slice(read)) {
      if (type !== 'ask' || seen.has(id)) continue;
      seen.add(id);
      if (random(10) === 0) continue; // nobody answers this one
      const answer = (): void =>
        operator.answer(id, VERDICTS[random(4)] ?? 'deny', TERMS[random(4)] ?? 'once');
      setTimeout(answer, random(300));
      if (random(5) === 0) setTimeout(answer, random(300));
    }
    read = operator.heard.length;
  });
}

it('no attempt passes unanswered among many thousand questions, none is answered twice, and no slot is lost', async () => {
  const world = new World();
  onTestFinished(() => world.end());
  const { reached, port } = await countingProxy(world);
  const mediator = await world.mediator({
    mode: 'ask',
    lookup: async host => [addressOf(Number(/\d+/.exec(host)?.[0]))],
    upstreamProxy: { host: '127.0.0.1', port, authorization: null },
    limits: { questions: LIMITS },
  });
  const operators = await Promise.all([1, 2, 3].map(() => Operator.answering(mediator.socketPath)));
  for (const operator of operators) answering(operator);
  const coming = new AbortController();
  const comesAndGoes = (async () => {
    while (!coming.signal.aborted) {
      const visitor = await Operator.answering(mediator.socketPath);
      await pause(random(100));
      visitor.socket.destroy();
    }
  })();
  let next = 0;
  const statuses = new Map<number, (number | null)[]>();
  const client = async (): Promise<void> => {
    while (next < QUESTIONS) {
      const index = next++;
      const tries = 1 + random(3); // a client that gave up comes again
      const got: (number | null)[] = [];
      for (let count = 0; count < tries; count += 1) got.push(await attempt(mediator, index));
      statuses.set(index, got);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  coming.abort();
  await comesAndGoes;

  const watcher = await Operator.join(mediator.socketPath);
  const isIdle = async (): Promise<boolean> => {
    watcher.heard.length = 0;
    watcher.say({ type: 'questions' });
    watcher.say({ type: 'status' });
    const { questions } = await watcher.hears('questions');
    const { decisions, connections } = await watcher.hears('hello');
    return (
      (questions as readonly unknown[]).length === 0 &&
      (decisions as { pending: number }).pending === 0 &&
      connections === 0
    );
  };
  await until(isIdle); // every question is closed, every slot is free
  watcher.socket.destroy();
  for (const operator of operators) operator.socket.destroy();

  const records = world.records();
  const answers = new Map<unknown, JsonObject>();
  /** How many attempts at each host may have been let through: those that waited, else one; any number by a rule. */
  const permitted = new Map<unknown, number>();
  for (const record of records) {
    if (record['event'] !== 'egress_answer') continue;
    expect(answers.has(record['question']), `two answers to ${String(record['question'])}`).toBe(false);
    answers.set(record['question'], record);
    if (record['answer'] === 'deny') continue;
    const count = record['for'] === 'once' ? Math.max(1, Number(record['held'])) : Infinity;
    permitted.set(record['host'], (permitted.get(record['host']) ?? 0) + count);
  }
  const allows = records.filter(({ event }) => event === 'egress_allow');
  for (const allow of allows) {
    const { asked, question, reason } = allow;
    if (asked === true) expect(answers.get(question)?.['answer']).toMatch(/^(?:allow|passthrough)$/);
    else expect(reason).toMatch(/^(?:allowed|passed through) (?:for this run|until) /);
  }
  for (const [address, count] of reached) {
    const [, ...parts] = address.split('.').map(Number);
    const host = hostOf(parts.reduce((sum, part) => sum * 256 + part, 0));
    expect(count, `${host} was reached`).toBeLessThanOrEqual(permitted.get(host) ?? 0);
  }
  for (const [index, got] of statuses)
    if (got.includes(200)) expect(permitted.has(hostOf(index)), hostOf(index)).toBe(true);
  expect(answers.size).toBeGreaterThan(QUESTIONS / 4);
  expect(allows.length).toBeGreaterThan(QUESTIONS / 20);
});

it('a mediator whose operators all vanish at once lets nothing go', async () => {
  const world = new World();
  onTestFinished(() => world.end());
  const { reached, port } = await countingProxy(world);
  const mediator = await world.mediator({
    mode: 'ask',
    lookup: async () => [addressOf(1)],
    upstreamProxy: { host: '127.0.0.1', port, authorization: null },
    limits: { questions: { ...LIMITS, holdMs: 60_000 } },
  });
  for (let round = 0; round < scaled(50, 10); round += 1) {
    const operators = await Promise.all([1, 2].map(() => Operator.answering(mediator.socketPath)));
    const waiting = Array.from({ length: 20 }, (_, index) => attempt(mediator, index));
    await operators[0]?.hears('ask');
    for (const { socket } of operators) socket.destroy();
    for (const status of await Promise.all(waiting)) expect([403, null]).toContain(status);
  }
  expect(reached.size).toBe(0);
});
