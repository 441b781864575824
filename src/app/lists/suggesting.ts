import type { Dialect } from '../../core/policy/dialect.ts';
import type { DomainNames } from '../../core/suggest/domain-names.ts';
import { suggest, SUGGEST_DEFAULTS } from '../../core/suggest/suggest.ts';
import {
  evidenceOf,
  evidenceWork,
  type Evidence,
  type Suggestion,
  type Suggestions,
} from '../../core/suggest/suggestion.ts';
import { compareText } from '../../core/traffic/tally.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { atOnce, stage, type Work } from '../../core/work.ts';
import { editedPolicy, judging } from '../state/drafted-policy.ts';
import { Paced } from './paced.ts';
import { entryTest, reversedIf } from './policy-order.ts';
import { NO_ROWS, type Order } from './ranked-order.ts';
import type { State } from '../state/state.ts';

/** A suggestion with its evidence. */
export interface ShownSuggestion {
  readonly suggestion: Suggestion;
  readonly evidence: Evidence;
}

/** The rows of the Suggest screen, and their suggestions. */
export interface ShownSuggestions {
  readonly suggestions: Suggestions;
  /** False until the search is done: an empty list has no meaning before. */
  readonly isMade: boolean;
  /** Keys in the order of the screen. */
  readonly order: Order;
  readonly find: (key: string) => ShownSuggestion | undefined;
}

/** Suggestions by key, with the evidence of those that cover many hosts. */
interface SuggestionSet {
  readonly suggestions: Suggestions;
  readonly byKey: ReadonlyMap<string, Suggestion>;
  readonly evidence: Map<string, Evidence>;
}

const NOTHING: ShownSuggestions = {
  suggestions: { list: [], leftOut: [], notes: [] },
  isMade: false,
  order: NO_ROWS,
  find: () => undefined,
};
/** Finding suggestions in 200,000 hosts takes about a second, so it may take 1/100 of all time. */
const SHARE_OF_TIME = 100;
/** Evidence of fewer hosts is computed when the row is shown. */
const MANY_HOSTS = 500;

/** Finds suggestions while the Suggest screen is open. */
export class Suggesting {
  readonly pace: Paced<SuggestionSet>;
  readonly #dialect: Dialect | null;
  readonly #names: DomainNames;
  readonly #shown: Paced<ShownSuggestions>;
  #isEmpty = true;

  /** `clock` returns milliseconds since any start. */
  constructor(clock: () => number, dialect: Dialect | null, names: DomainNames) {
    [this.#dialect, this.#names] = [dialect, names];
    this.pace = new Paced(clock, SHARE_OF_TIME);
    this.#shown = new Paced(clock);
  }

  of(state: State, traffic: Traffic, isUrgent = false): ShownSuggestions {
    const [policy, dialect] = [editedPolicy(state), this.#dialect];
    if (state.screen !== 'suggest' || !policy || !dialect) return this.pace.stop() ?? NOTHING;
    const made = this.pace.of({
      inputs: [policy, traffic],
      version: traffic.version,
      isHeld: state.dialog.type !== 'none' && !this.#isEmpty,
      isUrgent,
      make: () =>
        make(traffic, { ...SUGGEST_DEFAULTS, policy, dialect, judging: judging(state), names: this.#names }),
    });
    this.#isEmpty = made === null || made.suggestions.list.length === 0;
    return made ? this.#sorted(made, state, isUrgent) : NOTHING;
  }

  #sorted(made: SuggestionSet, state: State, isUrgent: boolean): ShownSuggestions {
    const { sort, isReversed } = state.lists.suggest;
    const shown = this.#shown.of({
      inputs: [made, state.filter.terms, sort, isReversed],
      version: 0,
      isHeld: false,
      isUrgent,
      make: () => atOnce(shownOf(made, state)),
    });
    return shown ?? NOTHING;
  }
}

function* make(traffic: Traffic, asked: Parameters<typeof suggest>[1]): Work<SuggestionSet> {
  const suggestions = yield* stage(suggest(traffic, asked), 0, 0.9);
  const evidence = new Map<string, Evidence>();
  for (const suggestion of suggestions.list) {
    if (suggestion.rows.length < MANY_HOSTS) continue;
    evidence.set(suggestion.key, yield* evidenceWork(suggestion));
  }
  return { suggestions, evidence, byKey: new Map(suggestions.list.map(found => [found.key, found])) };
}

function shownOf(
  { suggestions, byKey, evidence }: SuggestionSet,
  { filter, lists }: State,
): ShownSuggestions {
  const tests = filter.terms.map(entryTest);
  const found = suggestions.list.filter(({ change }) =>
    tests.every(test => test({ list: change.list, text: change.entry })),
  );
  const { sort, isReversed } = lists.suggest;
  const sorted =
    sort === 'name'
      ? found.toSorted((one, other) => compareText(one.change.entry, other.change.entry))
      : found;
  const find = (key: string): ShownSuggestion | undefined => {
    const suggestion = byKey.get(key);
    if (!suggestion) return undefined;
    const known = evidence.get(key) ?? evidenceOf(suggestion);
    evidence.set(key, known);
    return { suggestion, evidence: known };
  };
  return {
    suggestions,
    isMade: true,
    order: reversedIf(
      isReversed,
      sorted.map(({ key }) => key),
    ),
    find,
  };
}

/** Whether a suggestion is ticked: by the operator's choice, else by default. */
export const isTicked = ({ ticks }: Pick<State, 'ticks'>, { key, isChosen }: Suggestion): boolean =>
  ticks.get(key) ?? isChosen;
