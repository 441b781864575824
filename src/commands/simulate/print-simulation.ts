import type { Simulation } from '../../core/what-if/simulation.ts';
import { visible } from '../../core/visible.ts';
import { changesJson, changesText } from '../../report/simulation-changes.ts';
import { simulationJson, simulationText, type SimulationReport } from '../../report/simulation.ts';
import type { AtomicFile } from '../atomic-file.ts';
import type { FlaggedSpool } from './flagged-spool.ts';
import type { Output } from '../output.ts';
import type { SimulateOptions } from './options.ts';

export interface SimulationPrint {
  readonly flagged: FlaggedSpool;
  /** The file for the JSON besides stdout; null: none. */
  readonly reportFile: AtomicFile | null;
  readonly output: Output;
  readonly options: SimulateOptions;
}

/** Writes the JSON to its file, and the table or JSON to stdout, unless that is used for the replay file. Both are written in pieces. */
export async function printSimulation(simulation: Simulation, print: SimulationPrint): Promise<void> {
  const { reportFile, output, options } = print;
  const report = reportOf(simulation, print);
  if (reportFile) {
    await writeInPieces(simulationJson(report), text => reportFile.write(text));
    await reportFile.commit();
  }
  if (options.exportReplay === '-') return;
  const write = (text: string): Promise<void> => output.text(text);
  if (options.json === true) return writeInPieces(simulationJson(report), write);
  await writeInPieces(simulationText(report, options.showQueries === true), write);
  await write(changesOf(simulation, options));
}

function reportOf(
  { counts, changes, comparison }: Simulation,
  { flagged, options }: SimulationPrint,
): SimulationReport {
  return {
    counts,
    flagged: () => flagged.outcomes(),
    extras: {
      ...(options.changes === true ? { changes: changesJson(changes) } : {}),
      ...(comparison ? { compared_to: { policy: options.compareTo, ...changesJson(comparison) } } : {}),
    },
  };
}

function changesOf({ changes, comparison }: Simulation, options: SimulateOptions): string {
  const tables = [
    ...(options.changes === true ? [changesText('Decided differently at the time', changes)] : []),
    ...(comparison
      ? [changesText(`Ruled differently by ${visible(options.compareTo ?? '')}`, comparison)]
      : []),
  ];
  return tables.map(table => `\n${table}`).join('');
}

const PIECE = 64 * 1024;

async function writeInPieces(
  parts: AsyncIterable<string>,
  write: (text: string) => Promise<void>,
): Promise<void> {
  let pending = '';
  for await (const part of parts) {
    pending += part;
    if (pending.length < PIECE) continue;
    await write(pending);
    pending = '';
  }
  await write(pending);
}
