import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../../../core/file-error.ts';
import type { LedgerDocument, ShardDocument } from '../../../core/fleet/counters/counter-document.ts';
import { readDocument } from '../../../core/fleet/counters/read-document.ts';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { writeDocument } from '../../../core/fleet/counters/write-document.ts';
import { Failure } from '../../../core/failure.ts';
import { isObject, parseObject } from '../../../core/record.ts';
import type { KnownFile } from '../../../reading/resumed/known-file.ts';
import { AtomicFile } from '../../atomic-file.ts';

const VERSION = 1;

/** All that a shipper must not forget: the counters and, in the same file, the places in the logs that they reach to. */
export interface ShipState {
  /** This run and earlier ones that wrote this state, oldest first. */
  readonly runs: readonly string[];
  /** The process that writes it; null when it ended. */
  readonly pid: number | null;
  readonly files: readonly KnownFile[];
  readonly epochs: readonly string[];
  readonly ledger: LedgerDocument;
  readonly shards: readonly ShardDocument[];
}

/** Where the state of a machine of a tenant stands: beside egresstop's journal. */
export const shipStatePath = (journal: string, tenant: string, machine: string): string =>
  join(dirname(journal), 'ship', `${tokenOf(tenant)}.${tokenOf(machine)}.jsonl`);

/** The state, or null where none is. A file that is no state is a failure: to count anew in its place would count twice. */
export async function readShipState(path: string): Promise<ShipState | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw new Failure(`${path}: the state of the shipper cannot be read`, 1, {
      remedy: 'check the rights of the file',
    });
  });
  if (text === null) return null;
  const [head = '', ...lines] = text.split('\n').filter(line => line !== '');
  const state = stateIn(head, lines);
  if (state) return state;
  throw new Failure(`${path}: is no state of this version of egresstop`, 1, {
    remedy: 'move it away: a new epoch then goes on where the server’s counters end',
  });
}

function stateIn(head: string, lines: readonly string[]): ShipState | null {
  const record = parseObject(head);
  if (!record || record['v'] !== VERSION || !Array.isArray(record['files'])) return null;
  const documents = lines.map(line => readDocument(line));
  const ledger = documents.find(document => document.type === 'ledger');
  const shards = documents.filter(document => document.type === 'shard');
  if (!ledger || shards.length + 1 !== documents.length) return null;
  if (!record['files'].every(isObject)) return null;
  return {
    runs: textsIn(record['runs']),
    pid: typeof record['pid'] === 'number' ? record['pid'] : null,
    epochs: textsIn(record['epochs']),
    files: record['files'] as unknown as readonly KnownFile[], // this program wrote them; the file is its owner's alone
    ledger,
    shards,
  };
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];

/** Replaces the state in one step: whatever ends the process, the file holds the old state or the new one. */
export async function writeShipState(path: string, state: ShipState): Promise<void> {
  const { ledger, shards, ...head } = state;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const lines = [JSON.stringify({ v: VERSION, ...head }), ...[ledger, ...shards].map(writeDocument)];
  await AtomicFile.writeWhole(path, `${lines.join('\n')}\n`);
}
