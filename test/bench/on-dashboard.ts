import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal, type Terminal } from '../terminal/terminal.ts';
import { PROGRAM } from './timed-run.ts';

export interface DashboardOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly flags?: readonly string[];
}

/** A dashboard on a source, in a home of its own, for as long as `work` takes. */
export async function onDashboard<T>(
  source: string,
  work: (terminal: Terminal) => Promise<T>,
  { columns = 120, rows = 40, flags = [] }: DashboardOptions = {},
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'egresstop-bench-home-'));
  const env = {
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  };
  const terminal = openTerminal({
    command: PROGRAM,
    args: [source, ...flags],
    cwd: home,
    env,
    columns,
    rows,
  });
  try {
    return await work(terminal);
  } finally {
    await terminal.close();
    rmSync(home, { recursive: true, force: true });
  }
}
