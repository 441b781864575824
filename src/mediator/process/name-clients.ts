import { readFileSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { answerTogether } from './answer-together.ts';
import {
  allPids,
  inodeOf,
  isAbandoned,
  nameProcess,
  socketsOf,
  type LocalConnection,
  type NamedProcess,
} from './socket-owner.ts';
import type { ClientAnswer, ClientQuestion } from './client-processes.ts';

/*
 * The thread that finds the processes of clients. It takes milliseconds to look through all processes, and no ruling must wait for that.
 * The thread has the lowest priority and a budget of time. Beyond the budget, clients stay without a name. A program that connects often is
 * found again at once: its process is looked at first.
 */

/** Processes that were found last. */
const RECENT = 16;
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
let recent: readonly number[] = [];

/** So much may be used at once, ms, and this share of the time after it. */
const BURST_MS = 30;
const SHARE = 0.02;
/** The two messages of a question, ms: this is the work of both threads. */
const MESSAGES_MS = 0.05;
/** A rest lasts until so much may be used again: a shorter one would cost more in messages than it gives in names. */
const RESUME_MS = 5;
let budget = BURST_MS;
let budgetAt = performance.now();

/** The tables of sockets, and the time that the thread had run before they were read, ms. */
interface Look {
  readonly tables: readonly string[];
  readonly usedBefore: number;
}

yieldToRulings();
parentPort?.on('message', answerTogether(look, answerAll));

/** Reads the tables, unless the budget is used up. Reading is most of the work, and clients often come together. */
function look(): Look {
  const [now, usedBefore] = [performance.now(), usedMs()];
  budget = Math.min(BURST_MS, budget + (now - budgetAt) * SHARE);
  budgetAt = now;
  return { tables: budget > 0 ? TABLES.map(readTable) : [], usedBefore };
}

function answerAll(questions: readonly ClientQuestion[], { tables, usedBefore }: Look): void {
  const answers = questions.map(({ id, connection, asks }) => {
    const mayLook = budget - (usedMs() - usedBefore) > 0;
    const found = mayLook && asks === 'process' ? find(tables, connection) : null;
    const isGone = mayLook && asks === 'gone' && isAbandoned(tables, connection);
    return { id, found, isGone };
  });
  budget -= usedMs() - usedBefore + questions.length * MESSAGES_MS;
  const rest = restMs();
  for (const answer of answers)
    parentPort?.postMessage({ ...answer, restMs: rest } satisfies ClientAnswer, []);
}

/** The lowest priority, for this thread alone: a call of its own id (`/proc/thread-self`). */
function yieldToRulings(): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), 19);
  } catch {
    budget = 0; // without it rulings might wait: nobody is named at first
  }
}

/** How long the thread uses nothing more, ms: until then nobody need ask. */
const restMs = (): number => (budget > 0 ? 0 : (RESUME_MS - budget) / SHARE);

/** The time that this thread has run, ms. Node 22 cannot tell it: there the clock stands for it, which also counts waiting. */
const usedMs = (): number => {
  const { user, system } = process.threadCpuUsage?.() ?? { user: performance.now() * 1000, system: 0 };
  return (user + system) / 1000;
};

function find(tables: readonly string[], connection: LocalConnection): NamedProcess | null {
  const inode = inodeOf(tables, connection);
  const pid = inode === null ? undefined : ownerOf(inode);
  if (pid === undefined) return null;
  recent = [pid, ...recent.filter(other => other !== pid)].slice(0, RECENT);
  return nameProcess(pid);
}

const ownerOf = (inode: string): number | undefined =>
  recent.find(pid => socketsOf(pid).includes(inode)) ??
  allPids().find(pid => !recent.includes(pid) && socketsOf(pid).includes(inode));

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // a kernel without IPv6
  }
}
