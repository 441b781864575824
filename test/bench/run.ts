import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installPeers } from './peers.ts';
import { report, reportMemory, tenfold } from './report-rows.ts';
import type { Bench, Row } from './row.ts';
import { firstFrame, idle, liveFile, memory, onScreen } from './screen-rows.ts';

/*
 * `npm run bench [-- NAME…]`: measures the budgets, prints a table, and writes test/bench/results.json and the README's table. Rows that
 * were not asked for keep what was measured last. The numbers of one row come from one run, subject and peer in turns.
 */

const BENCHES: readonly Bench[] = [
  report,
  tenfold,
  reportMemory,
  firstFrame,
  onScreen,
  liveFile,
  idle,
  memory,
];
const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const [START, END] = ['<!-- bench -->', '<!-- /bench -->'];

type Results = Record<
  string,
  { readonly at: string; readonly machine: string; readonly rows: readonly Row[] }
>;

const verdict = ({ isKept }: Row): string => (isKept === null ? 'not measured' : isKept ? 'pass' : 'FAIL');

function before(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results; // we wrote it
  } catch {
    return {}; // the first run
  }
}

function table(results: Results): string {
  const rows = BENCHES.flatMap(({ name }) => results[name]?.rows ?? []);
  return [
    '| what | egresstop | peer | ratio | budget | |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      row => `| ${[row.what, row.subject, row.peer, row.ratio, row.budget, verdict(row)].join(' | ')} |`,
    ),
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
  const rows = await bench.rows();
  for (const row of rows)
    process.stdout.write(
      `${verdict(row)}  ${row.what}: ${row.subject}; peer ${row.peer}; ${row.ratio} (budget ${row.budget})\n`,
    );
  results[bench.name] = { at: new Date().toISOString(), machine, rows };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
const readme = readFileSync(README, 'utf8');
const [head, rest = ''] = readme.split(START);
const tail = rest.split(END)[1];
if (tail !== undefined) writeFileSync(README, `${head}${START}\n${table(results)}\n${END}${tail}`);
if (wanted.length === 0)
  for (const program of ['measure.ts', 'compare.ts'])
    execFileSync(process.execPath, [fileURLToPath(new URL(`../mediator/${program}`, import.meta.url))], {
      stdio: 'inherit',
    });
