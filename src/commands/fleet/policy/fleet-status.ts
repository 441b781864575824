import { setTimeout as pause } from 'node:timers/promises';
import type { Standing } from '../../../core/fleet/policy-report.ts';
import type { PolicyKey, Rollout } from '../../../core/fleet/policy-value.ts';
import { rolloutWords } from '../../../core/fleet/rollout.ts';
import { misuse } from '../../../core/failure.ts';
import { parseDuration, toIsoSeconds } from '../../../core/time.ts';
import { visible } from '../../../core/visible.ts';
import { toJson } from '../../../report/inert-json.ts';
import { note, Output } from '../../output.ts';
import { chosenKey } from './choose-key.ts';
import { type FleetPolicyFlags, type FleetSession, openFleet, signerFor } from './fleet-session.ts';
import { shortId } from './fleet-show.ts';
import { keptPolicy } from './kept-policy.ts';
import { type HeardReport, machineReports, machinesOf, standingOf } from './machine-reports.ts';

/** The flags of `fleet policy status`. */
export interface StatusFlags extends FleetPolicyFlags {
  readonly wait?: string;
}

const LOOK_MS = 500;

/** A machine's row: how it stands to the newest value of the policy. */
interface Row {
  readonly heard: HeardReport;
  readonly standing: Standing;
}

/** `fleet policy status`: a row a machine. Exit 0 where the newest value is confirmed on each, else 1. */
export async function fleetStatus(address: string, flags: StatusFlags): Promise<number> {
  const signer = await signerFor(flags).catch(() => null); // who only reads may have no key
  await using session = await openFleet(address, flags, signer);
  const waitMs = flags.wait === undefined ? 0 : parseDuration(flags.wait);
  if (waitMs === null) throw misuse(`--wait wants a duration as 30s: ${flags.wait}`);
  const key = await chosenKey(session, flags);
  const deadline = performance.now() + waitMs;
  let found = await rowsOf(session, key);
  while (!areConfirmed(found.rows) && performance.now() < deadline) {
    await pause(LOOK_MS);
    found = await rowsOf(session, key);
  }
  const output = new Output();
  if (flags.json)
    await output.line(
      toJson({ newest: found.newest, rollout: found.rollout, machines: found.rows.map(asJson) }),
    );
  else for (const row of found.rows) await output.line(visible(lineOf(row)));
  await output.flush();
  if (!flags.json) note(summaryOf(found));
  return areConfirmed(found.rows) ? 0 : 1;
}

interface Rows {
  readonly newest: string | null;
  readonly rollout: Rollout | null;
  readonly rows: readonly Row[];
}

async function rowsOf(session: FleetSession, key: PolicyKey): Promise<Rows> {
  const { current } = await keptPolicy(session, key);
  const rollout = current?.value.rollout ?? null;
  const newest = current?.id ?? null;
  const heard = machinesOf(await machineReports(session.connection, session.tenant), key);
  return { newest, rollout, rows: heard.map(each => ({ heard: each, standing: standingOf(each, newest) })) };
}

const areConfirmed = (rows: readonly Row[]): boolean =>
  rows.length > 0 && rows.every(({ standing }) => standing === 'confirmed');

function summaryOf({ newest, rollout, rows }: Rows): string {
  if (rows.length === 0) return 'no machine said that it follows this policy';
  const counts = Map.groupBy(rows, ({ standing }) => standing);
  const words = [...counts].map(([standing, { length }]) => `${length} ${standing}`);
  return `${newest === null ? 'no value yet' : `value ${shortId(newest)}`}${rollout ? `, ${rolloutWords(rollout)}` : ''}: ${words.join(', ')} of ${rows.length}`;
}

const lineOf = ({ heard: { report, heardAt }, standing }: Row): string =>
  [
    report.machine.padEnd(20),
    standing.padEnd(12),
    toIsoSeconds(heardAt),
    standing === 'pending' ? '' : report.detail,
  ]
    .join('  ')
    .trimEnd();

const asJson = ({ heard: { report, heardAt }, standing }: Row): object => ({
  ...report,
  standing,
  heard: toIsoSeconds(heardAt),
});
