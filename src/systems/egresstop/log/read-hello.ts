import { connect } from 'node:net';
import { readRules } from '../../../core/ask/ask-news.ts';
import type { MemoryRule } from '../../../core/ask/memory-rules.ts';
import type { FlagLists } from '../../../core/policy/flag-entries.ts';
import type { PlacedFault } from '../../../core/problem.ts';
import { count, isObject, parseObject, text, texts } from '../../../core/record.ts';
import { readFaults } from './read-faults.ts';

/** The state that a running mediator reports (README, "The socket"). */
export interface MediatorHello {
  readonly mode: string;
  readonly listen: string;
  readonly policyPath: string | null;
  readonly revision: string | null;
  /** Why the policy file as it stands now is not in force; null while it is. */
  readonly rejected: readonly PlacedFault[] | null;
  /** The entries from its command line. */
  readonly flags: FlagLists;
  readonly audit: string | null;
  /** The folder of its certificate authority. */
  readonly authority: string | null;
  /** ISO time at which its certificate authority expires. */
  readonly authorityUntil: string | null;
  readonly version: string | null;
  readonly startedAt: string | null;
  readonly uptimeMs: number | null;
  /** The number of open connections. */
  readonly connections: number | null;
  /** The decisions since its start, and the attempts that wait for an answer. */
  readonly decisions: {
    readonly allow: number;
    readonly deny: number;
    readonly error: number;
    readonly pending: number;
  } | null;
  /** The memory rules; null for a mediator that does not ask. */
  readonly rules: readonly MemoryRule[] | null;
  /** The number of operators who can answer a question; null for a mediator that does not ask. */
  readonly operators: number | null;
  readonly pid: number | null;
  /** The number of programs behind it. It stays up until they end. */
  readonly holders: number;
  /** The number of those that can reach the network only through the mediator. */
  readonly confined: number;
}

const PATIENCE_MS = 1000;
const LONGEST = 256 * 1024;

/** Reads the hello from a mediator's socket; null if no mediator serves it. */
export function readHello(path: string): Promise<MediatorHello | null> {
  return new Promise(resolve => {
    const socket = connect(path);
    let held = '';
    const done = (hello: MediatorHello | null): void => {
      socket.destroy();
      resolve(hello);
    };
    socket.setTimeout(PATIENCE_MS, () => done(null));
    socket.on('error', () => done(null)); // no mediator serves it
    socket.on('close', () => done(null));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      held += chunk;
      if (held.includes('\n')) done(helloOf(held.slice(0, held.indexOf('\n'))));
      else if (held.length > LONGEST) done(null);
    });
  });
}

function helloOf(line: string): MediatorHello | null {
  const hello = parseObject(line); // the socket may be of another program
  const [mode, listen] = [hello && text(hello, 'mode'), hello && text(hello, 'listen')];
  if (!hello || text(hello, 'mediator') !== 'egresstop' || mode === null || listen === null) return null;
  const policy = isObject(hello['policy']) ? hello['policy'] : {};
  const flags = isObject(hello['flags']) ? hello['flags'] : {};
  return {
    mode,
    listen,
    policyPath: text(policy, 'path'),
    revision: text(policy, 'revision'),
    rejected: isObject(policy['rejected']) ? readFaults(policy['rejected']['problems']) : null,
    flags: { allow: texts(flags, 'allow') ?? [], passthrough: texts(flags, 'passthrough') ?? [] },
    audit: text(hello, 'audit'),
    authority: text(hello, 'ca'),
    authorityUntil: text(hello, 'caUntil'),
    version: text(hello, 'version'),
    startedAt: text(hello, 'startedAt'),
    uptimeMs: count(hello, 'uptimeMs'),
    connections: count(hello, 'connections'),
    decisions: decisionsOf(hello['decisions']),
    rules: Array.isArray(hello['rules']) ? readRules(hello['rules']) : null,
    operators: count(hello, 'operators'),
    pid: count(hello, 'pid'),
    holders: count(hello, 'holders') ?? 0,
    confined: count(hello, 'confined') ?? 0,
  };
}

function decisionsOf(value: unknown): MediatorHello['decisions'] {
  if (!isObject(value)) return null;
  const [allow, deny, error] = [count(value, 'allow'), count(value, 'deny'), count(value, 'error')];
  return { allow: allow ?? 0, deny: deny ?? 0, error: error ?? 0, pending: count(value, 'pending') ?? 0 };
}
