import type { JsonObject } from '../event.ts';
import { parseObject, text } from '../record.ts';
import { isName } from './names.ts';

/** How a machine stands to the newest value that it heard. `pending` is what nobody heard of yet. */
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
  /** ISO, by the machine's clock. */
  readonly at: string;
  readonly standing: Standing;
  /** Hash of the newest value that it heard, and of the one that it holds; null for none. */
  readonly seen: string | null;
  readonly held: string | null;
  /** Of the file's text now, or `none`. */
  readonly revision: string;
  /** Why it stands so: place and reason of a rejection, the host of the decision that confirmed. */
  readonly detail: string;
}

const MAX_REPORT = 16 * 1024;
const MAX_DETAIL = 2_000;

/** The report as it travels. */
export const encodeReport = (report: PolicyReport): string =>
  JSON.stringify({ format: FORMAT, ...report, detail: report.detail.slice(0, MAX_DETAIL) });

const FORMAT = 'egresstop policy report 1';

/** Reads a report; null for any other text. A machine is believed only about itself, which the caller checks by the subject. */
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
 * How a machine stands to the newest value of the store, which it may not have heard of. A refusal and a failure stand, because they
 * name no value.
 */
export function standingTo(report: PolicyReport | null, newest: string | null): Standing {
  if (report === null) return 'pending';
  const isNamed = report.standing !== 'refused' && report.standing !== 'failed';
  return isNamed && newest !== null && report.seen !== newest ? 'pending' : report.standing;
}
