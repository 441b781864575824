import { Simulation, type Pace, type Published } from './simulation.ts';
import type { Sums } from './simulated-machine.ts';

/*
 * A process of its own, so that it neither delays the keys of the bench nor counts as the dashboard's. It starts with the server's port
 * and the number of machines, takes a pace at a time, and answers each with what was published.
 */

/** The answer to a pace, and how the machines then stand. */
export interface SimulatorAnswer extends Published {
  readonly sums: Sums;
}

const [port = 0, machines = 0] = process.argv.slice(2).map(Number);
const simulation = await Simulation.start(port, machines);

process.on('message', (pace: Pace) => {
  void simulation.publish(pace).then(
    published => process.send?.({ ...published, sums: simulation.sums() } satisfies SimulatorAnswer),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => void simulation.end());
process.send?.('ready');
