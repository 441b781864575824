import { copyFileSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../commands/program.ts';

const LOG = fixturePath('aasm-proxy.jsonl');
const LOSSY =
  'denials and findings only; lossy (3 dropped entries, 1 discarded segments): counts are lower bounds, and the absence of denials proves nothing';

it('a report over a proxy log says what it holds, and whether it is whole', async () => {
  const here = machine();
  const told = async (...args: readonly string[]) => here.run(['report', ...args]);
  expect((await told(LOG)).stdout).toContain(`${LOG}: ${LOSSY}\n`);
  const json = await told('--json', LOG);
  expect(JSON.parse(json.stdout)).toMatchObject({ partial: [{ log: LOG, completeness: { type: 'lossy' } }] });
  expect(json.stderr).toContain(LOSSY);
  expect((await told('--markdown', LOG)).stdout).toContain('denials and findings only; lossy \\(3 dropped');
  expect((await told('--html', '-', LOG)).stdout).toContain(`holds ${LOSSY}.`);
  const gateway = await told('--json', fixturePath('aasm-gateway-chain.jsonl'));
  expect(JSON.parse(gateway.stdout)).not.toHaveProperty('partial');
});

it('a report says that completeness is unknown without a completeness file, and complete with a complete one', async () => {
  const here = machine();
  copyFileSync(LOG, here.path('p.jsonl'));
  const told = async (): Promise<string> => (await here.run(['report', here.path('p.jsonl')])).stdout;
  expect(await told()).toContain(
    'denials and findings only; unknown (no completeness file beside it): counts are',
  );
  here.write('p.jsonl.completeness.json', '{"window":"complete"}');
  expect(await told()).toContain('denials and findings only; complete\n');
});

it('a log rotated by rename is read oldest first, and told of once', async () => {
  const here = machine();
  const lines = readFileSync(LOG, 'utf8').split(/(?<=\n)/);
  here.write('p.jsonl.2', lines.slice(0, 50).join(''));
  here.write('p.jsonl.1', lines.slice(50, 100).join(''));
  here.write('p.jsonl', lines.slice(100).join(''));
  const whole = await here.run(['log', LOG]);
  const rotated = await here.run(['log', here.path('p.jsonl')]);
  expect(rotated.stdout).toBe(whole.stdout);
  expect(
    (await here.run(['report', here.path('p.jsonl')])).stdout.match(/denials and findings only/g),
  ).toHaveLength(1);
});
