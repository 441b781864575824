import { spawnSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allowed, denial, openDashboard, PROGRAM, type Dashboard } from './dashboard.ts';

const MINUTE = 60_000;
/** So many records that most of them stand before the newest bytes of a log, which alone are decoded at the start. */
const RECORDS = 65_000;
const HOSTS = ['docs.rs', 'files.pypi.org', 'evil.example', 'crates.io', 'telemetry.example'];
/** The newest record; the others are spread over the two hours before it. */
const END = Date.parse('2026-11-20T10:00:00Z');

const recordAt = (at: number, index: number): object => ({
  ts: new Date(at).toISOString(),
  ...(index % 3 === 0 ? denial : allowed)(HOSTS[index % HOSTS.length] ?? '', `agent-${index % 4}`),
});

const LOG = Array.from(
  { length: RECORDS },
  (_, index) => `${JSON.stringify(recordAt(END - ((RECORDS - index) * 120 * MINUTE) / RECORDS, index))}\n`,
).join('');

interface Reported {
  readonly events: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly hosts: readonly {
    readonly host: string;
    readonly total: number;
    readonly allow: number;
    readonly deny: number;
  }[];
}

/** The counts of a report between two times, such as `11-20 09:30:00`. */
function reported({ logPath }: Dashboard, [since, until]: readonly [string, string]): Reported {
  const iso = (text: string): string => `2026-${text.replace(' ', 'T')}Z`;
  const args = [PROGRAM, 'report', logPath, '--json', '--since', iso(since), '--until', iso(until)];
  return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout) as Reported;
}

const HEADER =
  /(\d\d-\d\d \d\d:\d\d:\d\d) – (\d\d-\d\d \d\d:\d\d:\d\d) +([\d,]+) decisions +(\S+) allow +(\S+) deny/;
const NUMBER = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

it('a window counts what a report counts between the same times, also in the older part of a log, and goes on counting', async () => {
  await using dashboard = openDashboard({ log: LOG, policy: null, columns: 130, rows: 44 });
  const { terminal } = dashboard;
  await terminal.waitFor('65,000 decisions ', { deadlineMs: 30_000 });
  terminal.press('+', '[', '[', '[', '[', '[', '}');
  await terminal.waitFor(rows => HEADER.test(rows[1] ?? ''), { deadlineMs: 30_000 });
  const found = HEADER.exec(terminal.screen()[1] ?? '') ?? [];
  const times = [found[1] ?? '', found[2] ?? ''] as const;
  const expected = reported(dashboard, times);
  expect(expected.events).toBeGreaterThan(5_000);
  expect([found[3], found[4], found[5]].map(NUMBER)).toEqual([
    expected.events,
    expected.verdicts['allow'],
    expected.verdicts['deny'],
  ]);
  for (const { host, total, allow, deny } of expected.hosts)
    await terminal.waitFor(new RegExp(`${host} +- +${total} +${allow || '·'} +${deny || '·'} `));
  const inside = Date.parse(`2026-${times[0].replace(' ', 'T')}Z`) + MINUTE;
  dashboard.write({ ...allowed('late.example'), ts: new Date(inside).toISOString() });
  dashboard.write({ ...allowed('later.example'), ts: new Date(END).toISOString() });
  await terminal.waitFor(/late\.example +- +1 /);
  expect(NUMBER(HEADER.exec(terminal.screen()[1] ?? '')?.[3])).toBe(reported(dashboard, times).events);
  expect(terminal.screen().join('\n')).not.toContain('later.example');
  terminal.press('=');
  await terminal.waitFor('65,002 decisions ');
  await terminal.waitFor('later.example');
});

it('a window names the socket that cannot be read again, and counts what comes of it from then on', async () => {
  const sockets = new Set<Socket>();
  const line = (host: string): string =>
    `${JSON.stringify({ ts: new Date().toISOString(), ...denial(host) })}\n`;
  await using dashboard = openDashboard({
    policy: null,
    log: '',
    columns: 130,
    rows: 44,
    flags: ['unix:audit.sock'],
  });
  const server = createServer(socket => {
    sockets.add(socket);
    socket.write(line('before.example'));
  });
  await new Promise<void>(resolve => server.listen(join(dashboard.home, 'audit.sock'), resolve));
  try {
    const { terminal } = dashboard;
    await terminal.waitFor('before.example');
    terminal.press('{');
    await terminal.waitFor(/on +without unix:\S+, not to be read again +0 decisions/);
    for (const socket of sockets) socket.write(line('after.example'));
    await terminal.waitFor(/after\.example +- +1 /);
    await terminal.waitFor(rows => !rows.join().includes('before.example'));
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
