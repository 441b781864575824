import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTerminal, type Terminal } from '../terminal/terminal.ts';
import { zephLog } from './data.ts';
import { quantile, type Bench, type Row } from './row.ts';
import { cpuMsOf, PROGRAM, residentMbOf } from './timed-run.ts';

const NO_PEER = { peer: '-', ratio: '-' };

/** A dashboard on a log, in a home of its own, for as long as `work` takes. */
async function onDashboard<T>(log: string, work: (terminal: Terminal) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'egresstop-bench-home-'));
  const env = {
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  };
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, log],
    cwd: home,
    env,
    columns: 120,
    rows: 40,
  });
  try {
    return await work(terminal);
  } finally {
    await terminal.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const record = (host: string, bytes: number): string =>
  `${JSON.stringify({ timestamp: String(Math.floor(Date.now() / 1_000)), kind: 'egress', correlation_id: 'b', tool: 'fetch', url: `https://${host}/`, host, method: 'GET', status: 200, duration_ms: 1, response_bytes: bytes })}\n`;

const within = (what: string, values: readonly number[], budgetMs: number): Row => ({
  what,
  subject: `p50 ${quantile(values, 0.5).toFixed(0)} ms, p99 ${quantile(values, 0.99).toFixed(0)} ms of ${values.length}`,
  ...NO_PEER,
  budget: `p99 ≤ ${budgetMs} ms`,
  isKept: quantile(values, 0.99) <= budgetMs,
});

export const firstFrame: Bench = {
  name: 'first-frame',
  rows: async () => {
    const log = await zephLog(3_500_000, 1_000);
    const frames: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const startedAt = performance.now();
      await onDashboard(log, async terminal => {
        await terminal.waitFor(/Hosts/, { deadlineMs: 20_000 });
        frames.push(performance.now() - startedAt);
      });
    }
    const ms = quantile(frames, 0.5);
    const what = 'first frame of the dashboard on a 1 GB log, median of 5';
    return [{ what, subject: `${ms.toFixed(0)} ms`, ...NO_PEER, budget: '≤ 400 ms', isKept: ms <= 400 }];
  },
};

export const idle: Bench = {
  name: 'idle',
  rows: async () => {
    const share = await onDashboard(await zephLog(10_000, 100), async terminal => {
      await terminal.waitFor(/Hosts/);
      await pause(5_000); // start-up is over
      const before = cpuMsOf(terminal.pid);
      await pause(20_000);
      return (cpuMsOf(terminal.pid) - before) / 20_000;
    });
    const subject = `${(share * 100).toFixed(2)} % of a core`;
    return [{ what: 'idle dashboard, 20 s', subject, ...NO_PEER, budget: '≤ 1 %', isKept: share <= 0.01 }];
  },
};

/** The host that stands on the screen in a row of its own. */
const appended: Bench['rows'] = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-bench-log-'));
  const log = join(folder, 'audit.jsonl');
  writeFileSync(log, record('start.example', 1));
  const waits = await onDashboard(log, async terminal => {
    await terminal.waitFor(/start\.example/);
    const measured: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      const host = `n${index}.example`;
      const startedAt = performance.now();
      appendFileSync(log, Array.from({ length: index + 2 }, () => record(host, 1)).join('')); // more than all before: it stands first
      await terminal.waitFor(new RegExp(`\\bn${index}\\.example`));
      measured.push(performance.now() - startedAt);
    }
    return measured;
  });
  rmSync(folder, { recursive: true, force: true });
  return [within('line appended → on screen', waits, 150)];
};

export const onScreen: Bench = { name: 'on-screen', rows: appended };

/** A heading of the help page. */
const HELP = /^\W*LOOK\W*$/m;
const EVENTS_PER_SECOND = 20_000;
const LIVE_SECONDS = 10;

async function live(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-bench-log-'));
  const log = join(folder, 'audit.jsonl');
  writeFileSync(log, record('start.example', 1));
  const block = Array.from({ length: EVENTS_PER_SECOND / 50 }, (_, index) =>
    record(`h${index % 300}.example`, 9),
  ).join('');
  const { frames, cores } = await onDashboard(log, async terminal => {
    await terminal.waitFor(/start\.example/);
    const [startedAt, before] = [performance.now(), cpuMsOf(terminal.pid)];
    let written = 0;
    const writing = setInterval(() => {
      const due = Math.min(LIVE_SECONDS * 50, Math.floor((performance.now() - startedAt) / 20));
      for (; written < due; written += 1) appendFileSync(log, block);
    }, 10);
    const measured: number[] = [];
    for (let key = 0; performance.now() - startedAt < LIVE_SECONDS * 1_000; key += 1) {
      const isHelpAsked = key % 2 === 0;
      const pressedAt = performance.now();
      terminal.press(isHelpAsked ? '?' : 'q');
      await terminal.waitFor(rows => HELP.test(rows.join('\n')) === isHelpAsked);
      measured.push(performance.now() - pressedAt);
      await pause(50);
    }
    clearInterval(writing);
    const used = (cpuMsOf(terminal.pid) - before) / (performance.now() - startedAt);
    const total = (written * EVENTS_PER_SECOND) / 50 + 1;
    await terminal.waitFor(new RegExp(total.toLocaleString('en').replaceAll(',', '[, ]?')), {
      deadlineMs: 20_000,
    });
    return { frames: measured, cores: used };
  });
  rmSync(folder, { recursive: true, force: true });
  const what = `live, ${EVENTS_PER_SECOND.toLocaleString('en')} events/s through a file, nothing lost`;
  return [
    {
      what: `${what}: processor`,
      subject: `${cores.toFixed(2)} cores`,
      ...NO_PEER,
      budget: '≤ 1 core',
      isKept: cores <= 1,
    },
    within(`${what}: key → frame`, frames, 50),
  ];
}

export const liveFile: Bench = { name: 'live', rows: live };

export const memory: Bench = {
  name: 'memory',
  rows: async () => {
    const log = await zephLog(20_000_000, 200_000);
    const mb = await onDashboard(log, async terminal => {
      await terminal.waitFor(/10,000,000|10M|10\.0M/, { deadlineMs: 600_000 });
      await pause(5_000);
      return residentMbOf(terminal.pid);
    });
    const what = 'dashboard after 10 M decisions (20 M records) on 200,000 hosts';
    return [
      { what, subject: `${mb.toFixed(0)} MiB resident`, ...NO_PEER, budget: '≤ 250 MiB', isKept: mb <= 250 },
    ];
  },
};
