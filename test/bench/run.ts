import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { edit } from './edit-rows.ts';
import { fleet } from './fleet-rows.ts';
import { frame, manyHosts } from './frame-rows.ts';
import { installPeers } from './install-peers.ts';
import { intercepted } from './intercept-rows.ts';
import { liveFile, liveSocket } from './live-rows.ts';
import { mediator } from './mediator-rows.ts';
import { naming } from './naming-rows.ts';
import { evicted, memory, reportMemory } from './memory-rows.ts';
import { reportPeers } from './peers.ts';
import { proxyPeers } from './proxies.ts';
import { maps } from './map-rows.ts';
import { report, tenfold } from './report-rows.ts';
import { notMeasured, verdictOf, type Bench, type Row } from './row.ts';
import { firstFrame, idle, onScreen } from './screen-rows.ts';
import { writeTable } from './write-table.ts';

/*
 * `npm run bench [-- NAME…]`: measures the budgets, prints a table, and writes test/bench/results.json and the table of the README beside it. Rows that
 * were not asked for keep what was measured last. The numbers of one row come from one run, subject and peer in turns.
 */

const BENCHES: readonly Bench[] = [
  report,
  tenfold,
  maps,
  firstFrame,
  memory,
  reportMemory,
  evicted,
  liveFile,
  liveSocket,
  manyHosts,
  frame,
  idle,
  onScreen,
  edit,
  mediator,
  naming,
  intercepted,
  fleet,
];
const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const TABLE = fileURLToPath(new URL('README.md', import.meta.url));

type Results = Record<
  string,
  { readonly at: string; readonly machine: string; readonly rows: readonly Row[] }
>;

function before(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results; // we wrote it
  } catch {
    return {}; // the first run
  }
}

/** A failure of one family costs its rows alone, and is never a pass. */
async function rowsOf({ name, rows }: Bench): Promise<readonly Row[]> {
  try {
    return await rows();
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    process.stderr.write(`${String(error)}\n`);
    return [notMeasured(name, 'see above', why.replaceAll('|', '/'))];
  }
}

/** Every row, and below what the peers were asked. */
function table(results: Results): string {
  const rows = BENCHES.flatMap(({ name }) => results[name]?.rows ?? []);
  return [
    '| what | egresstop | peer | ratio | budget | |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      row => `| ${[row.what, row.subject, row.peer, row.ratio, row.budget, verdictOf(row)].join(' | ')} |`,
    ),
    '',
    'What each peer is asked:',
    '',
    ...[...reportPeers(), ...proxyPeers()].map(({ name, asked }) => `* **${name}**: ${asked}.`),
  ].join('\n');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !BENCHES.some(bench => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such rows: ${unknown.join(', ')} (there are ${BENCHES.map(({ name }) => name).join(', ')})\n`,
  );
  process.exit(2);
}
installPeers();
const results = before();
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.versions.node}`;
for (const bench of BENCHES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const startedAt = performance.now();
  const rows = await rowsOf(bench);
  const took = `${((performance.now() - startedAt) / 1_000).toFixed(0)} s`;
  process.stderr.write(`${bench.name}: ${took}\n`);
  results[bench.name] = { at: new Date().toISOString(), machine, rows };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
process.stdout.write(`${table(results)}\n`);
writeTable(TABLE, table(results));
