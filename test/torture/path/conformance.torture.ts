import { createHttpProxyServer } from '@anthropic-ai/sandbox-runtime/dist/sandbox/http-proxy.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holds, type ConformanceCase, type Subject } from '../../mediator/conformance/conformance-case.ts';
import { EXCHANGES } from '../../mediator/conformance/http-exchanges.ts';
import { AMBIGUOUS } from '../../mediator/conformance/http-requests.ts';
import { PEER_DIFFERENCES } from '../../mediator/conformance/peer-differences.ts';
import { Origin, ORIGIN, runCase } from '../../mediator/conformance/run-case.ts';
import { hasSquid, startSquid } from '../../mediator/squid.ts';
import { World } from '../../mediator/world.ts';

const README = fileURLToPath(new URL('../../mediator/conformance/README.md', import.meta.url));
const CASES: readonly ConformanceCase[] = [...AMBIGUOUS, ...EXCHANGES];
const SUBJECTS: readonly Subject[] = ['ours', 'squid', 'srt'];

let world: World;
const origin = new Origin();
const ports = new Map<Subject, number>();

beforeAll(async () => {
  world = new World();
  await origin.start(world);
  const mediator = await world.mediator({ policy: `allow: [${ORIGIN}]\n`, pins: [`${ORIGIN}:127.0.0.1`] });
  ports.set('ours', Number(mediator.address.split(':').at(-1)));
  if (hasSquid) ports.set('squid', await startSquid(world, [ORIGIN], [ORIGIN]));
  const address = [{ address: '127.0.0.1', family: 4 }];
  const server = createHttpProxyServer({
    filter: () => true,
    lookupFor: () => (_host: unknown, _options: unknown, found: (error: null, at: unknown) => void) =>
      found(null, address),
  } as never);
  ports.set('srt', await world.listen(server));
});
afterAll(() => world.end());

/** Why a proxy does not keep a rule; null where it keeps it. */
const differenceOf = ({ rule, differs }: ConformanceCase, subject: Subject): string | null =>
  (subject === 'ours' ? differs?.ours : PEER_DIFFERENCES[subject][rule]) ?? null;

const cell = (each: ConformanceCase, subject: Subject): string => {
  const why = differenceOf(each, subject);
  return why === null ? 'yes' : `no: ${why}`;
};

it('each proxy keeps each rule, or the table says why it does not', async ({ skip }) => {
  const wrong: string[] = [];
  for (const each of CASES)
    for (const [subject, port] of ports) {
      const kept = holds(each, await runCase(port, origin, each));
      if (kept !== (differenceOf(each, subject) === null))
        wrong.push(`${subject} ${kept ? 'keeps' : 'breaks'} ${each.section}: ${each.rule}`);
    }
  expect(wrong).toEqual([]);
  if (!hasSquid) skip('Squid is not installed: its column was not checked');
});

it('the table of the rules is the one that the cases make', () => {
  const rows = CASES.map(
    each =>
      `| ${each.section} | ${each.rule} | ${SUBJECTS.map(subject => cell(each, subject)).join(' | ')} |`,
  );
  const rules = new Set(CASES.map(({ rule }) => rule));
  expect(
    Object.values(PEER_DIFFERENCES)
      .flatMap(Object.keys)
      .filter(rule => !rules.has(rule)),
  ).toEqual([]);
  const table = [
    '| RFC | rule | egresstop | Squid | sandbox-runtime |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  const [begin, end] = ['<!-- rules -->\n', '<!-- /rules -->'];
  const text = readFileSync(README, 'utf8');
  const wanted = `${text.split(begin)[0]}${begin}${table.join('\n')}\n${end}${text.split(end)[1]}`;
  if (process.env['UPDATE_RULES']) writeFileSync(README, wanted);
  expect(readFileSync(README, 'utf8')).toBe(wanted);
});
