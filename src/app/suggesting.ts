import type { Dialect } from '../core/dialect.ts';
import type { DomainNames } from '../core/domain-names.ts';
import { suggest, SUGGEST_DEFAULTS } from '../core/suggest.ts';
import { evidenceOf, type Evidence, type Suggestion, type Suggestions } from '../core/suggestion.ts';
import { compareText } from '../core/tally.ts';
import type { Traffic } from '../core/traffic.ts';
import { editedPolicy, judging } from './drafted-policy.ts';
import { entryTest, reversedIf, type Order } from './order.ts';
import { Paced } from './paced.ts';
import type { State } from './state.ts';

/** A suggestion with its evidence added up. */
export interface ShownSuggestion {
  readonly suggestion: Suggestion;
  readonly evidence: Evidence;
}

/** What the Suggest screen shows, and what its keys refer to. */
export interface ShownSuggestions {
  readonly suggestions: Suggestions;
  /** Keys, in the order shown. */
  readonly order: Order;
  readonly find: (key: string) => ShownSuggestion | undefined;
}

const NOTHING: ShownSuggestions = {
  suggestions: { list: [], leftOut: [], notes: [] },
  order: [],
  find: () => undefined,
};
/** Of 200,000 hosts a suggestion takes about a second: a hundredth of the time may go into it. */
const SHARE_OF_TIME = 100;

/** Asks what the traffic suggests while the screen that shows it is open. */
export class Suggesting {
  readonly #dialect: Dialect | null;
  readonly #names: DomainNames;
  readonly #made: Paced<Suggestions>;
  readonly #shown: Paced<ShownSuggestions>;
  #isShown = false;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number, dialect: Dialect | null, names: DomainNames) {
    [this.#dialect, this.#names] = [dialect, names];
    this.#made = new Paced(clock, SHARE_OF_TIME);
    this.#shown = new Paced(clock);
  }

  of(state: State, traffic: Traffic, isUrgent = false): ShownSuggestions {
    const [policy, dialect] = [editedPolicy(state), this.#dialect];
    this.#isShown = state.screen === 'suggest' && policy !== null && dialect !== null;
    if (state.screen !== 'suggest' || !policy || !dialect) return NOTHING;
    const suggestions = this.#made.of({
      inputs: [policy, traffic],
      version: traffic.version,
      isHeld: state.dialog.type !== 'none',
      isUrgent,
      make: () =>
        suggest(traffic, {
          ...SUGGEST_DEFAULTS,
          policy,
          dialect,
          judging: judging(state),
          names: this.#names,
        }),
    });
    const { sort, isReversed } = state.lists.suggest;
    return this.#shown.of({
      inputs: [suggestions, state.filter.terms, sort, isReversed],
      version: 0,
      isHeld: false,
      isUrgent,
      make: () => shownOf(suggestions, state),
    });
  }

  /** In how many ms newer suggestions are worth their making; null while those given last are of now. */
  dueIn({ version }: Traffic): number | null {
    return this.#isShown ? this.#made.dueIn(version) : null;
  }
}

function shownOf(suggestions: Suggestions, { filter, lists }: State): ShownSuggestions {
  const tests = filter.terms.map(entryTest);
  const found = suggestions.list.filter(({ change }) =>
    tests.every(test => test({ list: change.list, text: change.entry })),
  );
  const { sort, isReversed } = lists.suggest;
  const sorted =
    sort === 'name'
      ? found.toSorted((one, other) => compareText(one.change.entry, other.change.entry))
      : found;
  const byKey = new Map(suggestions.list.map(suggestion => [suggestion.key, suggestion]));
  const shown = new Map<string, ShownSuggestion>();
  const find = (key: string): ShownSuggestion | undefined => {
    const suggestion = byKey.get(key);
    if (suggestion && !shown.has(key)) shown.set(key, { suggestion, evidence: evidenceOf(suggestion) });
    return shown.get(key);
  };
  return {
    suggestions,
    order: reversedIf(
      isReversed,
      sorted.map(({ key }) => key),
    ),
    find,
  };
}

/** Whether a suggestion is ticked: as the operator left it, else as it is made. */
export const isTicked = ({ ticks }: Pick<State, 'ticks'>, { key, isChosen }: Suggestion): boolean =>
  ticks.get(key) ?? isChosen;
