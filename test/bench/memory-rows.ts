import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { LIMITS } from '../../src/core/limits.ts';
import type { Report } from '../../src/report/report.ts';
import { peakMiB } from '../torture/resident.ts';
import { zephLog } from './data.ts';
import { onDashboard } from './on-dashboard.ts';
import { NO_PEER, type Bench, type Row } from './row.ts';
import { PROGRAM, residentMbOf, timedRun } from './timed-run.ts';

const [EVENTS, HOSTS] = [10_000_000, 200_000];
const WHAT = '10 M events (5 M decisions) on 200,000 hosts';

const row = (what: string, mb: number): Row => ({
  what,
  subject: `${mb.toFixed(0)} MiB at most`,
  ...NO_PEER,
  budget: '≤ 250 MiB',
  isKept: mb <= 250,
});

/** The dashboard's memory at its peak. A second row, for context, is its memory once all is counted and the screen is at rest. */
export const memory: Bench = {
  name: 'memory',
  rows: async () => {
    const log = await zephLog(EVENTS, HOSTS);
    return onDashboard(log, async terminal => {
      await terminal.waitFor('5,000,000 decisions', { deadlineMs: 600_000 });
      await pause(15_000); // V8 keeps pages that it emptied for eight seconds
      const rested = `${residentMbOf(terminal.pid).toFixed(0)} MiB`;
      return [
        row(`dashboard on ${WHAT}`, peakMiB(terminal.pid)),
        { what: `dashboard after ${WHAT}, at rest`, subject: rested, ...NO_PEER, budget: '-', isKept: null },
      ];
    });
  },
};

/** At its peak, for a report is over when it is done. */
export const reportMemory: Bench = {
  name: 'report-memory',
  rows: async () => {
    const { peakMb } = await timedRun([PROGRAM, 'report', '--json', await zephLog(EVENTS, HOSTS)]);
    return [row(`report --json of ${WHAT}`, peakMb)];
  },
};

/** More hosts than are kept apart: those that were folded are counted and said, and with them every decision is there. */
export const evicted: Bench = {
  name: 'evicted',
  rows: async () => {
    const [records, hosts] = [2_000_000, 300_000];
    const log = await zephLog(records, hosts);
    const told = await onDashboard(log, async terminal => {
      await terminal.waitFor(`${(records / 2).toLocaleString('en')} decisions`, { deadlineMs: 300_000 });
      return /(\S+) quiet hosts folded/.exec(terminal.text())?.[1] ?? null;
    });
    const report = JSON.parse(
      execFileSync(PROGRAM, ['report', '--json', log], { maxBuffer: 2 ** 30 }).toString(),
    ) as Report; // we wrote it
    const kept = report.hosts.reduce((sum, { total }) => sum + total, 0);
    const folded = report.evicted ?? { hosts: 0, total: 0 };
    const isWhole = folded.hosts > 0 && kept + folded.total === records / 2 && told !== null;
    return [
      {
        what: `2 M events (1 M decisions) on 300,000 hosts, of which ${LIMITS.hosts.toLocaleString('en')} are kept apart: what was folded is counted and said`,
        subject: `report: ${folded.hosts.toLocaleString('en')} times a host, ${folded.total.toLocaleString('en')} decisions; dashboard: ${told ?? 'nothing'}`,
        ...NO_PEER,
        budget: 'no decision missing',
        isKept: isWhole,
      },
    ];
  },
};
