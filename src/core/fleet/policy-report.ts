import type { JsonObject } from '../event.ts';
import { parseObject, text } from '../record.ts';
import { isName } from './names.ts';

/** The state of a machine relative to the newest value. `pending`: the machine has not reported on that value. */
const STANDINGS = [
  'pending',
  'waiting',
  'saved',
  'acknowledged',
  'confirmed',
  'rejected',
  'refused',
  'drifted',
  'behind',
  'unrelated',
  'failed',
] as const;

export type Standing = (typeof STANDINGS)[number];

/** A machine's report on its policy. */
export interface PolicyReport {
  readonly tenant: string;
  readonly machine: string;
  readonly group: string | null;
  readonly policy: string;
  /** ISO time, by the machine's clock. */
  readonly at: string;
  readonly standing: Standing;
  /** Hashes of the newest value it received, and of the one it holds; null without one. */
  readonly seen: string | null;
  readonly held: string | null;
  /** The hash of the policy file's current text; `none` without a file. */
  readonly revision: string;
  /** The reason for its state: place and reason of a rejection, or the host of the decision that confirmed the policy. */
  readonly detail: string;
}

const MAX_REPORT = 16 * 1024;
const MAX_DETAIL = 2_000;

/** Encodes a report for publishing. */
export const encodeReport = (report: PolicyReport): string =>
  JSON.stringify({ format: FORMAT, ...report, detail: report.detail.slice(0, MAX_DETAIL) });

const FORMAT = 'egresstop policy report 1';

/** Reads a report; null for any other text. The caller must check by the subject that a machine reports only about itself. */
export function readReport(wire: string): PolicyReport | null {
  const record = wire.length > MAX_REPORT ? null : parseObject(wire);
  if (!record || record['format'] !== FORMAT) return null;
  const [tenant, machine, policy] = [
    nameIn(record, 'tenant'),
    nameIn(record, 'machine'),
    nameIn(record, 'policy'),
  ];
  const standing = STANDINGS.find(known => known === record['standing']);
  const [at, revision] = [text(record, 'at'), text(record, 'revision')];
  if (tenant === null || machine === null || policy === null || !standing || at === null || revision === null)
    return null;
  const [seen, held, group] = [text(record, 'seen'), text(record, 'held'), nameIn(record, 'group')];
  const detail = (text(record, 'detail') ?? '').slice(0, MAX_DETAIL);
  return { tenant, machine, group, policy, at, standing, seen, held, revision, detail };
}

function nameIn(record: JsonObject, field: string): string | null {
  const name = text(record, field);
  return name !== null && isName(name) ? name : null;
}

/**
 * The state of a machine relative to the store's newest value, which it may not have received. `refused` and `failed` always count, because
 * such reports name no value.
 */
export function standingTo(report: PolicyReport | null, newest: string | null): Standing {
  if (report === null) return 'pending';
  const isNamed = report.standing !== 'refused' && report.standing !== 'failed';
  return isNamed && newest !== null && report.seen !== newest ? 'pending' : report.standing;
}
