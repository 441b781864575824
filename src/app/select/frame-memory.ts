import { sameInputs } from '../lists/paced.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';
import type { TableLines } from './columns/table-lines.ts';
import type { PageLine } from './pages/page.ts';
import type { Line } from './text/span.ts';

/** The number of cached results for each part of the frame: enough to go back and forth between rows and lists. */
const ANSWERS = 8;

/** A cache of the latest results of one part of the frame. A result is valid while its inputs are pairwise identical. */
export class Kept<Value> {
  #answers: { readonly inputs: readonly unknown[]; readonly value: Value }[] = [];

  /** The cached result for these inputs, or a new one from `make`. A cached result is the same object. */
  of(inputs: readonly unknown[], make: () => Value): Value {
    const index = this.#answers.findIndex(answer => sameInputs(answer.inputs, inputs));
    const found = this.#answers[index] ?? { inputs, value: make() };
    if (index !== 0)
      this.#answers = [found, ...this.#answers.filter(other => other !== found)].slice(0, ANSWERS);
    return found.value;
  }
}

/** The cache of the parts of earlier frames. An unchanged part is not made again and keeps its line objects. */
export class FrameMemory {
  readonly lists = new Kept<TableLines>();
  readonly side = new Kept<readonly Line[]>();
  readonly below = new Kept<readonly Line[]>();
  readonly chart = new Kept<readonly Line[]>();
  readonly pages = new Kept<readonly PageLine[]>();
}

/** Parts of the state on which no list, pane or page depends: the time, the cursor's place, footer and dialogs. */
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

/** All parts of a state except those in `OF_PLACE`. */
export const besidesPlace = (state: State): readonly unknown[] => partsBeside(state, OF_PLACE);

/** The values of a record except those with these names. */
export function partsBeside(record: object, names: ReadonlySet<string>): readonly unknown[] {
  const parts: unknown[] = [];
  for (const [name, part] of Object.entries(record)) if (!names.has(name)) parts.push(part);
  return parts;
}

/** The inputs of everything that shows counts. */
export const countedInputs = (state: State, traffic: Traffic): readonly unknown[] => [
  traffic,
  traffic.version,
  state.options.known?.version,
];

const DAY_MS = 86_400_000;

/** The day of a time. A clock time shows the date of any day but today, so its text depends on the day. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

/** The part of the time that the text about a host depends on: proofs of edits are coloured while they are new. */
export const proofMoment = ({ proofs, now }: Pick<State, 'proofs' | 'now'>): number =>
  proofs.length > 0 ? now : dayOf(now);
