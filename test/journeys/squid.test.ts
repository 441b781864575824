import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SYSTEMS } from '../../src/systems/index.ts';
import { decodeLine } from '../../src/systems/decode-line.ts';
import { squidDialect } from '../../src/systems/squid/policy/dialect.ts';
import { openTerminal } from '../terminal/terminal.ts';
import { until } from '../until.ts';
import { PROGRAM } from './dashboard.ts';
import { bungled, SQUID, startSquid } from './squid-machine.ts';

if (SQUID === null)
  process.stderr.write('Squid is not installed (apt-get install squid): its tests are skipped\n');

const ACCESS = 'http_access allow names\nhttp_access deny all';

/** The verdicts of a log's decisions, by host. */
const verdictsIn = (log: string): readonly (readonly [string | null, string])[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .flatMap(line => {
      const decoded = decodeLine(line, { source: log, agent: null }, SYSTEMS);
      return decoded.type === 'event' && decoded.event.verdict !== null
        ? [[decoded.event.host, decoded.event.verdict] as const]
        : [];
    });

describe.skipIf(SQUID === null)('a real Squid', () => {
  it('an edit is reloaded by the named command and confirmed by the next decision', async () => {
    await using squid = await startSquid({
      names: '# names\n.known.test\n',
      hosts: ['known.test', 'wanted.test'],
      access: ACCESS,
    });
    expect(await squid.connect('wanted.test')).toBe(403);
    const terminal = openTerminal({
      command: process.execPath,
      args: [PROGRAM, squid.log, '--policy', squid.names, '--reload-command', squid.reload],
      cwd: squid.folder,
      env: { HOME: squid.folder, XDG_STATE_HOME: `${squid.folder}/state`, PATH: process.env['PATH'] ?? '' },
      columns: 200,
      rows: 30,
    });
    try {
      await terminal.waitFor('▌ wanted.test');
      terminal.press('a');
      await terminal.waitFor('Then runs:');
      await terminal.waitFor('wanted.test deny→allow');
      expect(await squid.connect('wanted.test')).toBe(403);
      terminal.press('enter');
      await terminal.waitFor('(exit 0)');
      expect(readFileSync(squid.names, 'utf8')).toBe('# names\n.known.test\nwanted.test\n');
      await until(async () => (await squid.connect('wanted.test')) === 200);
      await terminal.waitFor('confirmed by a decision on wanted.test');
    } finally {
      await terminal.close();
    }
  }, 60_000);

  it('rules on each host as the policy is judged, and its log says so', async () => {
    const names = '.wild.test # a comment\none.test\nUPPER.test\ndotted.test.\n*.star.test\n[::1]\n';
    const hosts = [
      'wild.test',
      'a.b.wild.test',
      'xwild.test',
      'one.test',
      'a.one.test',
      'upper.test',
      'dotted.test',
      'x.star.test',
    ];
    await using squid = await startSquid({ names, hosts, access: ACCESS });
    const lists = squidDialect.parse(names, squid.names);
    for (const host of hosts) await squid.connect(host);
    await until(() => verdictsIn(squid.log).length === hosts.length);
    const judged = hosts.map(host => [
      host,
      lists.type === 'valid' ? lists.policy.judge({ host, address: null }).verdict : null,
    ]);
    expect(Object.fromEntries(verdictsIn(squid.log))).toEqual(Object.fromEntries(judged));
  }, 60_000);

  it('it starts with a file of names, or does not, as the check says', async () => {
    await using squid = await startSquid({ names: '', hosts: [], access: ACCESS });
    for (const names of [
      '.a.test\nb.a.test\n',
      'b.a.test\n.a.test\n',
      '.b.a.test\n.a.test\n',
      '.a.test\na.test\n',
      'a.test\n.a.test\n',
      'a.test\na.test\n',
      '*.a.test\n',
    ]) {
      writeFileSync(squid.names, names);
      const { problems } = squidDialect.parse(names, squid.names);
      const isRefused = problems.some(({ severity }) => severity === 'error');
      expect([names, isRefused]).toEqual([names, bungled(squid.conf) !== null]);
    }
  }, 60_000);
});
