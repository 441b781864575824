import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal } from '../terminal/terminal.ts';
import { zephRecord } from './data.ts';
import { onDashboard } from './on-dashboard.ts';
import { NO_PEER, within, type Bench, type Row } from './row.ts';
import { cpuMsOf } from './timed-run.ts';

const EVENTS_PER_SECOND = 20_000;
const LIVE_SECONDS = 10;
const BLOCKS_PER_SECOND = 50;
/** A heading of the help page. */
const HELP = /^\W*LOOK\W*$/m;

/** A way for records to come in while the dashboard watches. */
interface Inlet {
  readonly source: string;
  readonly write: (text: string) => void;
  readonly end: () => void;
}

function fileInlet(folder: string): Inlet {
  const log = join(folder, 'audit.jsonl');
  writeFileSync(log, '');
  return { source: log, write: text => appendFileSync(log, text), end: () => undefined };
}

async function socketInlet(folder: string): Promise<Inlet> {
  const path = join(folder, 'audit.sock');
  const readers = new Set<Socket>();
  const early: string[] = [];
  const server = createServer(reader => {
    readers.add(reader);
    reader.on('error', () => reader.destroy()); // the dashboard is killed in the end
    for (const text of early) reader.write(text); // the first readers only ask who serves the socket
  }).listen(path);
  await once(server, 'listening');
  return {
    source: `unix:${path}`,
    write: text => {
      if (readers.size === 0) early.push(text);
      for (const reader of readers) reader.write(text);
    },
    end: () => {
      for (const reader of readers) reader.destroy();
      server.close();
    },
  };
}

interface Measured {
  readonly frames: readonly number[];
  readonly cores: number;
  readonly written: number;
  readonly isAllThere: boolean;
}

/** Writes on time whatever else happens, and meanwhile presses keys and waits for what they show. */
async function measure(terminal: Terminal, write: Inlet['write']): Promise<Measured> {
  const block = Array.from({ length: EVENTS_PER_SECOND / BLOCKS_PER_SECOND }, (_, index) =>
    zephRecord(`h${index % 300}.example`, 9),
  ).join('');
  const [startedAt, before] = [performance.now(), cpuMsOf(terminal.pid)];
  const blocks = LIVE_SECONDS * BLOCKS_PER_SECOND;
  let written = 0;
  const writeDue = (): void => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * BLOCKS_PER_SECOND);
    for (; written < Math.min(blocks, due); written += 1) write(block);
  };
  const writing = setInterval(writeDue, 10);
  const frames: number[] = [];
  for (let key = 0; performance.now() - startedAt < LIVE_SECONDS * 1_000; key += 1) {
    const isHelpAsked = key % 2 === 0;
    const pressedAt = performance.now();
    terminal.press(isHelpAsked ? '?' : 'q');
    await terminal.waitFor(rows => HELP.test(rows.join('\n')) === isHelpAsked);
    frames.push(performance.now() - pressedAt);
    await pause(50);
  }
  clearInterval(writing);
  writeDue();
  const cores = (cpuMsOf(terminal.pid) - before) / (performance.now() - startedAt);
  const total = (written * EVENTS_PER_SECOND) / BLOCKS_PER_SECOND + 1;
  const isAllThere = await terminal
    .waitFor(`${total.toLocaleString('en')} decisions`)
    .then(() => true)
    .catch(() => false);
  return { frames, cores, written: total, isAllThere };
}

async function live(way: string, open: (folder: string) => Inlet | Promise<Inlet>): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-bench-log-'));
  const inlet = await open(folder);
  inlet.write(zephRecord('start.example', 1));
  const { frames, cores, written, isAllThere } = await onDashboard(inlet.source, async terminal => {
    await terminal.waitFor(/start\.example/);
    return measure(terminal, inlet.write);
  });
  inlet.end();
  rmSync(folder, { recursive: true, force: true });
  const what = `live, ${EVENTS_PER_SECOND.toLocaleString('en')} events/s through a ${way}`;
  return [
    {
      what: `${what}: all counted`,
      subject: `${isAllThere ? '' : 'not '}${written.toLocaleString('en')}`,
      ...NO_PEER,
      budget: 'nothing lost',
      isKept: isAllThere,
    },
    {
      what: `${what}: processor`,
      subject: `${cores.toFixed(2)} cores`,
      ...NO_PEER,
      budget: '≤ 0.5 cores',
      isKept: cores <= 0.5,
    },
    within(`${what}: key → frame`, frames, 50),
  ];
}

export const liveFile: Bench = { name: 'live', rows: () => live('file', fileInlet) };
export const liveSocket: Bench = { name: 'live-socket', rows: () => live('socket', socketInlet) };
