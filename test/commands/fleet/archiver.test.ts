import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Archiver } from '../../../src/commands/fleet/archive/archiver.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import type { ArrivedBatch } from '../../../src/reading/archive/archive-state.ts';
import { fixturePath, linesOf, machine, type Machine } from '../program.ts';
import { CLI } from '../start-program.ts';

/** As long as each line is said to be: the first bytes of a longer log tell it from others. */
const LINE_BYTES = 2000;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 29, 12, 30);
const PEERS = join(tmpdir(), 'egresstop-bench', 'peers', 'node_modules');

/** Lines of several systems, and such as no system writes. */
const LINES: readonly string[] = [
  ...['zeph-audit.jsonl', 'orcarouter-events.jsonl', 'aasm-gateway-chain.jsonl'].flatMap(name =>
    linesOf(readFileSync(fixturePath(name), 'utf8')).slice(0, 40),
  ),
  'no JSON at all',
  '{"unknown":"record"}',
  '{"ts":"no time","event":"egress_deny","host":"untimed.example"}',
];

/** Batches of so many lines each, as one machine ships them; an hour lies between some of them. */
function batchesOf(lines: readonly string[], sizes: readonly number[]): readonly ArrivedBatch[] {
  const batches: ArrivedBatch[] = [];
  for (let [from, sequence] = [0, 1]; from < lines.length; sequence += 1) {
    const to = from + (sizes[sequence % sizes.length] ?? 1);
    batches.push({
      sequence,
      at: START + sequence * (HOUR_MS / 4),
      machine: 'm1',
      before: sequence - 1,
      batch: {
        file: '/var/log/audit.jsonl',
        from: from * LINE_BYTES,
        to: to * LINE_BYTES,
        lines: lines.slice(from, to),
        holds: 'all',
        cursors: [`${to * LINE_BYTES}-1024-${'a'.repeat(32)}-${to.toString(16).padStart(32, '0')}`],
      },
    });
    from = to;
  }
  return batches;
}

/** Archives batches; before each one in `kills` the run ends without a word, and the next one begins at its own place. */
async function archived(
  folder: string,
  batches: readonly ArrivedBatch[],
  { kills, commits }: { readonly kills: ReadonlySet<number>; readonly commits: ReadonlySet<number> },
): Promise<void> {
  let archiver = await Archiver.open(folder, SYSTEMS);
  const killed = new Set<number>();
  for (let next = 0; next < batches.length;) {
    if (kills.has(next) && !killed.has(next)) {
      killed.add(next);
      writeFileSync(join(folder, '.half.temporary'), 'PAR1');
      archiver = await Archiver.open(folder, SYSTEMS);
      next = batches.findIndex(({ sequence }) => sequence > archiver.state.last);
      continue;
    }
    const arrived = batches[next];
    if (arrived) await archiver.take(arrived);
    if (commits.has(next)) await archiver.commit();
    next += 1;
  }
  await archiver.commit();
}

/** A report without the places of lines: a log on another machine has none. */
const withoutPlaces = (report: string): unknown =>
  JSON.parse(report, (key, value: unknown) => (key === 'source' || key === 'line' ? null : value));

async function reportOf(here: Machine, ...args: readonly string[]): Promise<unknown> {
  const { stdout, code } = await here.run(['report', '--json', ...args]);
  return { code, report: withoutPlaces(stdout) };
}

describe('an archive of records', () => {
  it('an archive has each record once, whenever the run was killed, and its report is that of the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          lines: fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 60 }),
          sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
          kills: fc.uniqueArray(fc.nat(12)),
          commits: fc.uniqueArray(fc.nat(12)),
          window: fc.constantFrom(
            [],
            ['--since', '2026-11-19T09:00:00Z'],
            ['--until', '2026-11-19T12:00:00Z'],
            ['--filter', 'verdict:deny'],
          ),
        }),
        async ({ lines, sizes, kills, commits, window }) => {
          const here = machine();
          const [log, folder] = [
            here.write('audit.jsonl', lines.map(line => `${line}\n`).join('')),
            here.path('archive'),
          ];
          const cuts = { kills: new Set(kills), commits: new Set(commits) };
          await archived(join(folder, 'acme'), batchesOf(lines, sizes), cuts);
          const whole = await reportOf(here, '--from-archive', folder, ...window);
          expect(whole).toEqual(await reportOf(here, ...window, log));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('an archive has a file for each hour in which the server stored records', async () => {
    const here = machine();
    await archived(here.path('acme'), batchesOf(LINES.slice(0, 8), [1]), {
      kills: new Set(),
      commits: new Set(),
    });
    expect(readdirSync(here.path('acme'))).toEqual([
      '2026-11-29T12-001.parquet',
      '2026-11-29T13-001.parquet',
      '2026-11-29T14-001.parquet',
    ]);
  });

  it.each([1, 2, 5, 7])(
    'an archive takes no record again that a machine ships from its start in batches of %i, because the server lost it',
    async size => {
      const here = machine();
      const [folder, lines] = [here.path('acme'), LINES.slice(0, 12)];
      await archived(folder, batchesOf(lines, [3]), { kills: new Set(), commits: new Set() });
      const archiver = await Archiver.open(folder, SYSTEMS);
      archiver.state.meet({ created: 'another stream', last: 9 });
      const all = LINES.slice(0, 17);
      for (const again of batchesOf(all, [size])) await archiver.take(again);
      await archiver.commit();
      expect(archiver.archived).toBe(5);
      expect(archiver.state.partial('it')).toBeNull();
    },
  );

  it('an archive tells of batches that it never saw', async () => {
    const archiver = await Archiver.open(machine().path('acme'), SYSTEMS);
    const [one, , three] = batchesOf(LINES.slice(0, 9), [3]);
    if (!one || !three) throw new Error('there are batches');
    for (const arrived of [one, three]) await archiver.take(arrived);
    expect(archiver.state.partial('it')?.completeness.why).toBe('batches are missing at 1 place');
  });

  it('two runs on one archive: the second to write is refused, and nothing is lost or doubled', async () => {
    const here = machine();
    const [one, other] = [
      await Archiver.open(here.path('acme'), SYSTEMS),
      await Archiver.open(here.path('acme'), SYSTEMS),
    ];
    const [batch] = batchesOf(LINES.slice(0, 5), [5]);
    if (!batch) throw new Error('there is a batch');
    for (const archiver of [one, other]) await archiver.take(batch);
    await one.commit();
    await expect(other.commit()).rejects.toThrow('another run of archive writes here');
    expect(await reportOf(here, '--from-archive', here.path('acme'))).toEqual(
      await reportOf(here, here.write('log', `${batch.batch.lines.join('\n')}\n`)),
    );
  });

  it.skipIf(!existsSync(join(PEERS, '@duckdb')))(
    'an archive that DuckDB reads, where it is installed, comes to the same report in any window',
    async () => {
      const here = machine();
      await archived(here.path('acme'), batchesOf(LINES, [7]), {
        kills: new Set(),
        commits: new Set([2, 5]),
      });
      const log = here.write('audit.jsonl', `${LINES.join('\n')}\n`);
      const env = { ...here.env, NODE_PATH: PEERS };
      for (const window of [[], ['--since', '2026-11-19T09:00:00Z', '--until', '2026-11-19T12:00:00Z']]) {
        const args = [CLI, 'report', '--json', '--from-archive', here.path('acme'), ...window];
        const { stdout } = await promisify(execFile)(process.execPath, args, { env });
        expect({ code: 0, report: withoutPlaces(stdout) }).toEqual(await reportOf(here, ...window, log));
      }
      const broken = join(here.path('acme'), readdirSync(here.path('acme'))[0] ?? '');
      writeFileSync(broken, 'PAR1 and no more');
      const args = [CLI, 'report', '--from-archive', dirname(broken)];
      await expect(promisify(execFile)(process.execPath, args, { env })).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('DuckDB cannot read it') as string,
      });
    },
  );

  it('damaged files, folders without an archive and several tenants are told with the way out', async () => {
    const here = machine();
    const run = (folder: string) => here.run(['report', '--from-archive', here.path(folder)]);
    expect(await run('none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds no archive') as string,
    });
    for (const tenant of ['one', 'two'])
      here.write(`all/${tenant}/2026-11-29T12-001.parquet`, 'PAR1 and no more');
    expect(await run('all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('several tenants') as string,
    });
    expect(await run('all/one')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('as Parquet') as string,
    });
    await expect(Archiver.open(here.path('all/one'), SYSTEMS)).rejects.toThrow('as Parquet');
  });
});
