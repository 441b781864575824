import type { NatsConnection } from '@nats-io/transport-node';
import {
  type PolicyReport,
  readReport,
  standingTo,
  type Standing,
} from '../../../core/fleet/policy-report.ts';
import { REPORT_STREAM, reportSubject, reportSubjects } from '../../../core/fleet/policy-subject.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import { type StoredMessage, storedMessages } from '../../../sources/nats/stored-messages.ts';

/** The last report of a machine, and when the server heard it (unix ms). */
export interface HeardReport {
  readonly report: PolicyReport;
  readonly heardAt: number;
}

/** The last report of each machine of a tenant, by name. A report that stands under another machine's subject is left out. */
export async function machineReports(
  connection: NatsConnection,
  tenant: string,
): Promise<readonly HeardReport[]> {
  const messages = await storedMessages(connection, {
    stream: REPORT_STREAM,
    subjects: reportSubjects(tenant),
    which: 'newest',
  });
  const heard = messages.flatMap(message => heardReport(message) ?? []);
  return heard.sort((one, other) => (one.report.machine < other.report.machine ? -1 : 1));
}

/** The report of a message; null where it is none, or one of another machine. */
export function heardReport({
  subject,
  text,
  at,
}: Pick<StoredMessage, 'subject' | 'text' | 'at'>): HeardReport | null {
  const report = readReport(text);
  return report && reportSubject(report) === subject ? { report, heardAt: at } : null;
}

/** The machines that a policy is for, as far as they said so. */
export const machinesOf = (reports: readonly HeardReport[], key: PolicyKey): readonly HeardReport[] =>
  reports.filter(
    ({ report }) =>
      report.policy === key.name &&
      (key.scope === 'machine' ? report.machine === key.owner : report.group === key.owner),
  );

/** How a machine stands to the newest value. */
export const standingOf = ({ report }: HeardReport, newest: string | null): Standing =>
  standingTo(report, newest);
