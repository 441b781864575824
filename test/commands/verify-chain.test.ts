import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine, type Run } from './program.ts';

const CHAIN = fixturePath('aasm-gateway-chain.jsonl');
const TEXT = readFileSync(CHAIN, 'utf8');

const verify = (...args: readonly string[]): Promise<Run> =>
  machine().run(['report', '--verify-chain', ...args]);

it('a chain that holds is told in one line', async () => {
  expect(await verify(CHAIN)).toMatchObject({ code: 0, stdout: 'OK — 60 entries verified\n', stderr: '' });
});

it('a chain written out by log --json still holds: its nanoseconds keep every digit', async () => {
  const { stdout } = await machine().run(['log', '--json', CHAIN]);
  const records = stdout.replaceAll(/^.*?"raw":(.*)}$/gm, '$1');
  expect(await verify(machine().write('again.jsonl', records))).toMatchObject({
    code: 0,
    stdout: 'OK — 60 entries verified\n',
  });
});

const LINES = TEXT.trimEnd().split('\n');
const docker = (log: string): string =>
  JSON.stringify({ log, stream: 'stdout', time: '2026-11-19T08:00:00Z' });
const WRAPPINGS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  'docker json-file': line => [docker(`${line}\n`)],
  'docker json-file in pieces': line => [docker(line.slice(0, 300)), docker(`${line.slice(300)}\n`)],
  CRI: line => [`2026-11-19T08:00:00Z stdout F ${line}`],
  journald: line => [JSON.stringify({ MESSAGE: line, __REALTIME_TIMESTAMP: '1795075280667534', _PID: '7' })],
  'a compose prefix': line => [`gateway-1  | ${line}`],
  'a comma': line => [`${line},`],
};

it.each(Object.entries(WRAPPINGS))(
  'a chain through %s holds, and a change of it is found',
  async (_, wrap) => {
    const logOf = (lines: readonly string[]): string =>
      machine().write('wrapped.log', `${lines.flatMap(wrap).join('\n')}\n`);
    expect(await verify(logOf(LINES))).toMatchObject({ code: 0, stdout: 'OK — 60 entries verified\n' });
    const changed = LINES.with(2, (LINES[2] ?? '').replace('"depth":0', '"depth":0,"depth":0'));
    const { code, stdout, stderr } = await verify(logOf(changed));
    expect([code, stdout]).toEqual([1, 'FAIL — hash chain broken at entry 2 (2 entries checked)\n']);
    expect(stderr).toContain('depth stands there twice');
  },
);

it('a chain in which a record is torn is broken, though the whole one behind it counts', async () => {
  const file = machine().write(
    'torn.jsonl',
    [...LINES.slice(0, 2), `${LINES[2]?.slice(0, 40)}${LINES[2]}`, ...LINES.slice(3)].join('\n'),
  );
  expect((await verify(file)).stdout).toBe('FAIL — hash chain broken at entry 2 (2 entries checked)\n');
});

it('a chain that does not hold is told with the entry, counted from 0, and the line; exit 1', async () => {
  const file = machine().write(
    'chain.jsonl',
    TEXT.replace('"payload":"{\\"action_type\\":4', '"payload":"{\\"action_type\\":5'),
  );
  const { code, stdout, stderr } = await verify(file);
  expect([code, stdout]).toEqual([1, 'FAIL — hash chain broken at entry 0 (0 entries checked)\n']);
  expect(stderr).toContain(`${file}:1: entry 0: the entry does not hash to what it says`);
});

it('an unknown event type cannot be verified; exit 1', async () => {
  const lines = TEXT.split('\n');
  const file = machine().write(
    'chain.jsonl',
    lines.with(3, (lines[3] ?? '').replace(/"event_type":"\w+"/, '"event_type":"New"')).join('\n'),
  );
  const { code, stdout, stderr } = await verify(file);
  expect([code, stdout]).toEqual([
    1,
    'UNVERIFIED — 1 of 60 entries cannot be verified; nothing contradicts the others\n',
  ]);
  expect(stderr).toContain('entry 3: the event type "New" is unknown');
});

it('several logs are verified each by itself, as JSON too', async () => {
  const other = machine().write('cut.jsonl', TEXT.split('\n').toSpliced(2, 1).join('\n'));
  expect((await verify(CHAIN, other)).stdout).toBe(
    `${CHAIN}: OK — 60 entries verified\n${other}: FAIL — hash chain broken at entry 2 (2 entries checked)\n`,
  );
  const { code, stdout } = await verify('--json', CHAIN, other);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    1,
    [
      { file: CHAIN, result: 'holds', entries: 60, broken: null, unverified: 0 },
      { file: other, result: 'broken', entries: 2, broken: { entry: 2, line: 3 } },
    ],
  ]);
});

it('a file that is not there is 1, none at all is wrong usage', async () => {
  expect((await verify('/nonexistent/chain.jsonl')).code).toBe(1);
  expect((await verify()).code).toBe(2);
});
