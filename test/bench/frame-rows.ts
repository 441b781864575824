import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { zephLog } from './data.ts';
import { onDashboard } from './on-dashboard.ts';
import { NO_PEER, within, type Bench, type Row } from './row.ts';
import { cpuMsOf } from './timed-run.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The end of every frame that Ink draws: that of a synchronised update. */
const FRAME_END = Buffer.from('\u001b[?2026l');
/** No frame is that late: the key changed nothing. */
const NO_FRAME_MS = 2_000;

/** Presses a key and waits for the next whole frame; how long that took, null where nothing was drawn. */
async function frameAfter(terminal: Terminal, key: string): Promise<number | null> {
  const before = terminal.raw().length;
  const pressedAt = performance.now();
  terminal.press(key);
  while (terminal.raw().indexOf(FRAME_END, before) < 0) {
    if (performance.now() - pressedAt > NO_FRAME_MS) return null;
    await pause(1);
  }
  return performance.now() - pressedAt;
}

/** Columns, lines, and the ms of processor that a frame may take. */
const SIZES = [
  [80, 24, 3],
  [200, 60, 6],
] as const;
const FRAMES = 200;
/** Two keys in turns, and what of the screen they change. Where they take each other back, parts of earlier frames are kept. */
const PAIRS = [
  ['j', 'k', 'the cursor moves a line'],
  ['j', 'j', 'the cursor moves to a host that was not shown before'],
  ['1', '2', 'another list'],
] as const;

async function costOf(
  terminal: Terminal,
  keys: readonly [string, string],
): Promise<{ readonly cpuMs: number; readonly bytes: number }> {
  for (const key of keys) await frameAfter(terminal, key);
  const [cpuBefore, bytesBefore] = [cpuMsOf(terminal.pid), terminal.raw().length];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    await frameAfter(terminal, keys[frame % 2] ?? keys[0]);
    await pause(20); // Ink draws at most 30 frames a second
  }
  return {
    cpuMs: (cpuMsOf(terminal.pid) - cpuBefore) / FRAMES,
    bytes: (terminal.raw().length - bytesBefore) / FRAMES,
  };
}

/** The cost of a frame: processor time of all threads, and bytes to the terminal. */
export const frame: Bench = {
  name: 'frame',
  rows: async () => {
    const rows: Row[] = [];
    for (const [columns, lines, mostMs] of SIZES) {
      const work = async (terminal: Terminal): Promise<void> => {
        await terminal.waitFor('● 1 live');
        await pause(2_000); // what runs for the first time is slow
        for (const [one, other, what] of PAIRS) {
          const { cpuMs, bytes } = await costOf(terminal, [one, other]);
          rows.push({
            what: `a frame of ${columns}×${lines}, mean of ${FRAMES}: ${what}`,
            subject: `${cpuMs.toFixed(1)} ms of processor, ${bytes.toFixed(0)} bytes`,
            ...NO_PEER,
            budget: `≤ ${mostMs} ms`,
            isKept: cpuMs <= mostMs,
          });
        }
      };
      await onDashboard(await zephLog(10_000, 1_000), work, { columns, rows: lines });
    }
    return rows;
  },
};

const SORTS_OF_HOSTS = 7;
/** Every screen, every sort of Hosts, both ends of the list, and a filter typed letter by letter and taken back. */
const KEYS: readonly string[] = [
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '1',
  'j', // off the first host: turned round, the list would end with it, and G would change nothing
  ...Array.from({ length: SORTS_OF_HOSTS }, () => ['s', 'down', 'enter', 'r', 'G', 'k', 'g', 'j']).flat(),
  '/',
  'a',
  'p',
  'i',
  '1',
  '2',
  ...Array<string>(5).fill('backspace'),
  't',
  'o',
  'o',
  'l',
  ':',
  'f',
  'e',
  't',
  'c',
  'h',
  'enter',
  '2',
  '5',
  '6',
];

/** Keys on a dashboard that knows very many hosts. */
export const manyHosts: Bench = {
  name: 'many-hosts',
  rows: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'egresstop-bench-policy-'));
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, 'allow:\n  - docs.rs\n  - .example.com\npassthrough:\n  - pinned.example\n');
    const log = await zephLog(2_000_000, 200_000);
    const work = async (terminal: Terminal): Promise<readonly number[]> => {
      await terminal.waitFor('1,000,000 decisions', { deadlineMs: 300_000 });
      await pause(3_000);
      const waits: number[] = [];
      for (const key of KEYS) {
        waits.push((await frameAfter(terminal, key)) ?? NO_FRAME_MS);
        await pause(100);
      }
      return waits;
    };
    try {
      const waits = await onDashboard(log, work, { flags: ['--policy', policy] });
      return [within('key → frame with 184,000 hosts: every screen, every sort, a filter typed', waits, 50)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
