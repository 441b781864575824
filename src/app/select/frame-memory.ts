import { sameInputs } from '../lists/paced.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';
import type { TableLines } from './columns/table-lines.ts';
import type { PageLine } from './pages/page.ts';
import type { Line } from './text/span.ts';

/** Answers that are kept of each part of the frame: enough to go back and forth between rows and between lists. */
const ANSWERS = 8;

/** The last answers of one part of the frame. An answer holds while its inputs are the same, each by itself. */
export class Kept<Value> {
  #answers: { readonly inputs: readonly unknown[]; readonly value: Value }[] = [];

  /** The kept answer to the same inputs, else the one that `make` gives. The same answer is the same object. */
  of(inputs: readonly unknown[], make: () => Value): Value {
    const index = this.#answers.findIndex(answer => sameInputs(answer.inputs, inputs));
    const found = this.#answers[index] ?? { inputs, value: make() };
    if (index !== 0)
      this.#answers = [found, ...this.#answers.filter(other => other !== found)].slice(0, ANSWERS);
    return found.value;
  }
}

/** The parts of earlier frames. A part that would come out the same is not made again, and its lines are the same objects. */
export class FrameMemory {
  readonly lists = new Kept<TableLines>();
  readonly side = new Kept<readonly Line[]>();
  readonly below = new Kept<readonly Line[]>();
  readonly chart = new Kept<readonly Line[]>();
  readonly pages = new Kept<readonly PageLine[]>();
}

/** The time, where the operator stands, and what footer and dialogs show: no list, pane or page depends on these. */
const OF_PLACE: ReadonlySet<string> = new Set<keyof State>([
  'now',
  'lists',
  'pages',
  'trail',
  'marked',
  'prompt',
  'dialog',
  'notice',
  'ended',
  'fresh',
]);

/** All other parts of a state. */
export const besidesPlace = (state: State): readonly unknown[] => partsBeside(state, OF_PLACE);

/** The parts of a record but those of these names. */
export function partsBeside(record: object, names: ReadonlySet<string>): readonly unknown[] {
  const parts: unknown[] = [];
  for (const [name, part] of Object.entries(record)) if (!names.has(name)) parts.push(part);
  return parts;
}

/** Everything that was counted and what is known of it, as inputs of what is shown of them. */
export const countedInputs = (state: State, traffic: Traffic): readonly unknown[] => [
  traffic,
  traffic.version,
  state.options.known?.version,
];

const DAY_MS = 86_400_000;

/** The part of the time that a clock time depends on: it shows the day of every other day. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

/** The time, as far as what is told of a host depends on it: the proof of an edit is coloured while it is new. */
export const proofMoment = ({ proofs, now }: Pick<State, 'proofs' | 'now'>): number =>
  proofs.length > 0 ? now : dayOf(now);
