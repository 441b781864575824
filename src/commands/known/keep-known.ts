import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../app/store.ts';
import { plural } from '../../core/grouped.ts';
import { lessPairs, parseKnown, type HostsByAgent, type KnownHosts } from '../../core/known/known-hosts.ts';
import { watchPolicy, type PolicyWatch } from '../../policy-file/watching/watch.ts';
import { MISSING } from '../../core/traffic/traffic-row.ts';
import { SLICE_MS } from '../../core/work.ts';
import { addKnown, knownPath, readKnown } from './known-file.ts';

/** The interval at which new pairs are written, in ms. */
const KEEP_MS = 30_000;
/** The time of the first write after the start, in ms. By then a usual log is read. */
const FIRST_MS = 3_000;
/** The number of rows between two looks at the clock. */
const ROWS = 256;

/**
 * Loads the hosts that agents are known to use, and writes new ones from time to time and when stopped. The file is watched as soon as
 * `from` resolves.
 */
export async function keepKnown(
  store: Store,
  known: KnownHosts,
  from: Promise<void> = Promise.resolve(),
): Promise<() => Promise<void>> {
  const past = await readKnown();
  const tell = (problem: Parameters<Store['counting']['addProblem']>[0]): void =>
    store.counting.addProblem({ ...problem, severity: 'warning' });
  known.remember('why' in past ? new Map() : past.known);
  if ('why' in past) {
    tell(past);
    return () => Promise.resolve();
  }
  if (past.damage) tell(past.damage);
  const watching = from.then(() => forgetWithFile(store, known, past.known));
  let [seen, written, hasFailed] = [-1, 0, false];
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const { version } = store.traffic;
    if (version !== seen) await meetAll(store, known);
    seen = version;
    if (known.pairsMet === written || hasFailed) return;
    const { pairsMet } = known;
    const problem = await addKnown(known.met);
    if (problem) tell(problem);
    [written, hasFailed] = [pairsMet, problem !== null];
  };
  const later = (delayMs: number): void => {
    timer = setTimeout(() => {
      running = keep().then(() => later(KEEP_MS));
    }, delayMs);
    timer.unref();
  };
  later(FIRST_MS);
  return async () => {
    await (await watching).stop();
    if (timer) clearTimeout(timer);
    await running;
    if (timer) clearTimeout(timer);
    await keep();
  };
}

/** Watches the file: pairs that another program removes from it are forgotten here too. A file with damaged lines has no effect. */
function forgetWithFile(store: Store, known: KnownHosts, past: HostsByAgent): PolicyWatch {
  let file = past;
  return watchPolicy(knownPath(), found => {
    if (found.type !== 'text' && found.type !== 'missing') return;
    const now = parseKnown(found.type === 'text' ? found.text : '');
    if (now.damaged > 0) return;
    const gone = lessPairs(file, now.known);
    file = now.known;
    if (gone.size === 0) return;
    known.forget(gone);
    const hosts = [...gone.values()].reduce((sum, { size }) => sum + size, 0);
    const text = `${plural(hosts, 'known host was', 'known hosts were')} forgotten: they count as new when an agent asks again`;
    store.dispatch({ type: 'noticed', notice: { text, tone: 'plain' } });
  });
}

/** Adds the pairs of a log's older part, which come as sums without events. It works in slices, so that keys are handled in between. */
async function meetAll({ traffic }: Store, known: KnownHosts): Promise<void> {
  let [rows, startedAt] = [0, performance.now()];
  for (const row of traffic.hosts.values()) {
    if (row.name !== MISSING && row.counts.total > 0)
      for (const [agent] of row.agents.entries()) known.meetCounted(agent, row.name);
    rows += 1;
    if (rows % ROWS !== 0 || performance.now() - startedAt < SLICE_MS) continue;
    await turn();
    startedAt = performance.now();
  }
}
