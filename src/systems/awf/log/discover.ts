import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../../is-file.ts';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';

/** Folders of a run below the temporary folder: while it runs, and after it has ended (`log-discovery.ts`). */
const RUNNING = /^awf-(\d+)$/;
const ENDED = /^(?:squid-logs|awf-audit)-(\d+)$/;

/** Both logs hold each request, so that only the first one there counts. */
const LOGS = ['audit.jsonl', 'access.log'];

/** The logs of running firewalls and of the folders that `AWF_AUDIT_DIR` and `AWF_LOGS_DIR` name; without any, of the last run that ended. */
export async function discoverAwf({ tmp, env }: Places): Promise<readonly DiscoveredSource[]> {
  const names = await readdir(tmp).catch(() => []);
  const running = names
    .filter(name => RUNNING.test(name))
    .map(name => ['audit', 'squid-logs'].map(folder => join(tmp, name, folder)));
  const named = [env['AWF_AUDIT_DIR'] ?? [], env['AWF_LOGS_DIR'] ?? []].flat();
  const found = await logsIn([named, ...running]);
  return found.length > 0 ? found : logsIn([newestOf(names).map(name => join(tmp, name))]);
}

/** The folders of the run that ended last. */
function newestOf(names: readonly string[]): readonly string[] {
  const ended = names.filter(name => ENDED.test(name));
  const last = Math.max(...ended.map(runOf));
  return ended.filter(name => runOf(name) === last).sort();
}

const runOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

/** The log of each run, which has several folders. */
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
