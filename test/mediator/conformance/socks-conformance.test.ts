import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { World } from '../world.ts';
import { ECHO, GONE, NOWHERE, SOCKS_CASES, type SocksCase } from './socks-cases.ts';

const README = fileURLToPath(new URL('README.md', import.meta.url));
const [START, END] = ['<!-- socks -->', '<!-- /socks -->'];

let world: World;
let mediator: Mediator;

beforeAll(async () => {
  world = new World();
  const echo = await world.tcp(socket => socket.pipe(socket));
  mediator = await world.mediator({
    mode: 'strict',
    policy: `passthrough: [${ECHO}, ${GONE}, ${NOWHERE}]\n`,
    pins: [`${ECHO}:127.0.0.1:${echo}`, `${GONE}:127.0.0.1:1`],
    lookup: () => Promise.reject(new Error('no such name')),
  });
});
afterAll(() => world.end());

/** Sends the bytes of a case, whole or each by itself, and gives what comes back until it is long enough or the end. */
async function run({ send, gets }: SocksCase, isSlow: boolean) {
  const socket: Socket = connect(Number(mediator.address.split(':').at(-1)), '127.0.0.1');
  let got: readonly number[] = [];
  let isClosed = false;
  socket.on('error', () => socket.destroy()); // a reset is an end as well
  socket.on('data', chunk => (got = [...got, ...(chunk as Buffer)]));
  socket.once('end', () => (isClosed = true)).once('close', () => (isClosed = true));
  socket.setNoDelay(true);
  for (const part of isSlow ? send.map(byte => [byte]) : [send]) {
    if (!isClosed) socket.write(Buffer.from(part));
    await new Promise(resolve => setImmediate(resolve));
  }
  return {
    settled: async (staysOpen: boolean) => {
      await until(() => isClosed || (staysOpen && got.length >= gets.length));
      socket.destroy();
      return { got, isClosed };
    },
  };
}

async function expectKept(each: SocksCase, isSlow: boolean): Promise<void> {
  const { gets, staysOpen = false, host } = each;
  const before = world.records().length;
  const { got, isClosed } = await (await run(each, isSlow)).settled(staysOpen);
  expect({ got, isClosed }).toEqual({ got: gets, isClosed: !staysOpen });
  if (host !== undefined)
    await until(() =>
      world
        .records()
        .slice(before)
        .some(record => record['host'] === host),
    );
}

describe('the rules of SOCKS5', () => {
  const kept = SOCKS_CASES.filter(({ differs }) => differs === undefined);
  it.each(kept.map(each => [each.section, each.rule, each] as const))('RFC %s: %s', (_section, _rule, each) =>
    expectKept(each, false),
  );

  it.each(kept.map(each => [each.section, each.rule, each] as const))(
    'RFC %s holds for bytes that come one by one: %s',
    (_section, _rule, each) => expectKept(each, true),
  );

  const differing = SOCKS_CASES.filter(({ differs }) => differs !== undefined);
  it.each(differing.map(each => [each.section, each.rule, each] as const))(
    'the table says truly that RFC %s is not kept: %s',
    async (_section, _rule, each) => {
      const { got } = await (await run(each, false)).settled(true);
      expect(got.slice(0, each.gets.length)).not.toEqual(each.gets);
    },
  );

  it('the README has the table of these rules', () => {
    const rows = SOCKS_CASES.map(({ section, rule, differs }) => {
      const answer = differs === undefined ? 'yes' : `no: ${differs}`;
      return `| ${section} | ${rule} | ${answer} |`;
    });
    const table = [START, '| RFC | rule | egresstop |', '| --- | --- | --- |', ...rows, END].join('\n');
    const readme = readFileSync(README, 'utf8');
    const [head = '', rest = ''] = readme.split(START);
    const wanted = `${head}${table}${rest.split(END)[1] ?? ''}`;
    if (process.env['UPDATE_RULES']) writeFileSync(README, wanted);
    else expect(readme).toBe(wanted);
  });
});
