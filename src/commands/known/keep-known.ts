import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../app/store.ts';
import { plural } from '../../core/grouped.ts';
import { lessPairs, parseKnown, type HostsByAgent, type KnownHosts } from '../../core/known/known-hosts.ts';
import { watchPolicy, type PolicyWatch } from '../../policy-file/watching/watch.ts';
import { MISSING } from '../../core/traffic/traffic-row.ts';
import { SLICE_MS } from '../../core/work.ts';
import { addKnown, knownPath, readKnown } from './known-file.ts';

/** How often what was met is written, if there is any of it. */
const KEEP_MS = 30_000;
/** The first time: by then a log of usual size is read. */
const FIRST_MS = 3_000;
/** Rows between two looks at the clock. */
const ROWS = 256;

/**
 * Reads the hosts that agents are known to ask for. It writes further ones from time to time, and a last time before its stop is done.
 * The file is followed when `from` settles.
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

/** Follows the file: pairs that another program takes out of it are forgotten here, too. A file with damaged lines changes nothing. */
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
    const text = `${plural(hosts, 'known host was', 'known hosts were')} forgotten: an agent that asks again is told as new`;
    store.dispatch({ type: 'noticed', notice: { text, tone: 'plain' } });
  });
}

/**
 * Takes in the pairs that came as sums of the older part of a log, without events. It works in slices, and keys are answered between them.
 */
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
