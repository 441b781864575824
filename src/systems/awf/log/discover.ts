import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../../is-file.ts';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';

/** Folders of a run in the temporary folder, during the run and after it (`log-discovery.ts`). */
const RUNNING = /^awf-(\d+)$/;
const ENDED = /^(?:squid-logs|awf-audit)-(\d+)$/;

/** The logs in a folder. Each holds every request, so only the first existing one is read. */
const LOGS = ['audit.jsonl', 'access.log'];

/**
 * Finds the logs of running firewalls, and of the folders in `AWF_AUDIT_DIR` and `AWF_LOGS_DIR`. Without any, those of the last finished
 * run.
 */
export async function discoverAwf({ tmp, env }: Places): Promise<readonly DiscoveredSource[]> {
  const names = await readdir(tmp).catch(() => []);
  const running = names
    .filter(name => RUNNING.test(name))
    .map(name => ['audit', 'squid-logs'].map(folder => join(tmp, name, folder)));
  const named = [env['AWF_AUDIT_DIR'] ?? [], env['AWF_LOGS_DIR'] ?? []].flat();
  const found = await logsIn([named, ...running]);
  return found.length > 0 ? found : logsIn([newestOf(names).map(name => join(tmp, name))]);
}

/** The folders of the last finished run. */
function newestOf(names: readonly string[]): readonly string[] {
  const ended = names.filter(name => ENDED.test(name));
  const last = Math.max(...ended.map(runOf));
  return ended.filter(name => runOf(name) === last).sort();
}

const runOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

/** The log of each run. A run may have several folders. */
async function logsIn(runs: readonly (readonly string[])[]): Promise<readonly DiscoveredSource[]> {
  const found: DiscoveredSource[] = [];
  for (const folders of runs) {
    const paths = LOGS.flatMap(log => folders.map(folder => join(folder, log)));
    for (const source of paths)
      if (await isFile(source)) {
        found.push({ system: 'awf', name: source, source, agent: null });
        break;
      }
  }
  return found;
}
