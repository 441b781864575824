import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTerminal, type Terminal } from '../terminal/terminal.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** A grant that has ended would be removed at the start and stand in the way of byte-for-byte comparisons. */
const ENDED_GRANT = /^.*egresstop: until.*\n/m;

export interface DashboardOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** The text of the log at the start; the microagent fixture when left out. */
  readonly log?: string;
  /** The policy file's name and text; the microagent fixture when left out, null for none. */
  readonly policy?: { readonly name: string; readonly text: string } | null;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The real program in a pty, on a log and a policy of its own in an empty home. */
export interface Dashboard {
  readonly terminal: Terminal;
  readonly home: string;
  readonly logPath: string;
  readonly policyPath: string;
  readonly policy: () => string;
  /** Appends a record to the log, dated now where it has no time. */
  readonly write: (...records: readonly object[]) => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export const fixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

export function openDashboard(options: DashboardOptions = {}): Dashboard {
  const home = mkdtempSync(join(tmpdir(), 'journey-'));
  const policy =
    options.policy === undefined
      ? { name: 'policy.yaml', text: fixture('microagent.yaml').replace(ENDED_GRANT, '') }
      : options.policy;
  const [logPath, policyPath] = [join(home, 'egress.jsonl'), join(home, policy?.name ?? '')];
  if (options.log === undefined) copyFileSync(join(FIXTURES, 'microagent-egress.jsonl'), logPath);
  else writeFileSync(logPath, options.log);
  if (policy) writeFileSync(policyPath, policy.text);
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, logPath, ...(policy ? ['--policy', policyPath] : []), ...(options.flags ?? [])],
    cwd: home,
    env: { HOME: home, XDG_STATE_HOME: join(home, 'state'), ...options.env },
    columns: options.columns ?? 100,
    rows: options.rows ?? 30,
  });
  return {
    terminal,
    home,
    logPath,
    policyPath,
    policy: () => readFileSync(policyPath, 'utf8'),
    write: (...records) => appendFileSync(logPath, recordLines(...records)),
    [Symbol.asyncDispose]: async () => {
      await terminal.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The program once more, in the home and on the policy of this dashboard. */
export function openAgain(dashboard: Dashboard, args: readonly string[]): Terminal {
  return openTerminal({
    command: process.execPath,
    args: [PROGRAM, ...args, '--policy', dashboard.policyPath],
    cwd: dashboard.home,
    env: { HOME: dashboard.home, XDG_STATE_HOME: join(dashboard.home, 'state') },
    columns: 100,
    rows: 30,
  });
}

const dated = (record: object): object => ({ ts: new Date().toISOString(), ...record });

/** Records as the lines of a log, dated now where they have no time. */
export const recordLines = (...records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(dated(record))}\n`).join('');

/** A denial as microagent's mediator writes it. */
export const denial = (host: string, agent = 'research'): object => ({
  dst: '198.51.100.5:443',
  event: 'egress_deny',
  host,
  reason: 'not allowlisted',
  runtime_id: agent,
});

/** An allow likewise. */
export const allowed = (host: string, agent = 'research'): object => ({
  dst: '198.51.100.5:443',
  event: 'egress_allow',
  host,
  mitm: true,
  runtime_id: agent,
});
