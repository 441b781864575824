import type { KeyChoice } from '../state/key-choice.ts';
import type { Binding, KeyContext } from './binding.ts';
import { KEY_TABLE, type ActionName } from './key-table.ts';
import { spellKey } from './spell-key.ts';

/** The key table with the operator's changes. */
interface Bindings {
  readonly table: readonly Binding[];
  readonly byPlace: ReadonlyMap<string, Binding>;
  readonly byName: ReadonlyMap<string, Binding>;
}

/** Cache of the tables. The configuration makes a new `KeyChoice` object for each change. */
const MADE = new WeakMap<KeyChoice, Bindings>();

function bindingsOf(choice: KeyChoice): Bindings {
  const made = MADE.get(choice) ?? bind(choice);
  MADE.set(choice, made);
  return made;
}

function bind(choice: KeyChoice): Bindings {
  const chosen = withChoice(choice);
  const names = new Map(chosen.map(binding => [binding.name, binding]));
  const table = chosen.map(binding => ({ ...binding, help: withKeys(binding.help, names) }));
  return {
    table,
    byPlace: new Map(
      table.flatMap(binding =>
        binding.contexts.flatMap(context =>
          binding.keys.map(key => [placeOf(context, key), binding] as const),
        ),
      ),
    ),
    byName: new Map(table.map(binding => [binding.name, binding])),
  };
}

const placeOf = (context: KeyContext, key: string): string => `${context} ${key}`;

/** The rows of the key table with the keys of a choice. */
export const withChoice = (choice: KeyChoice): readonly Binding[] =>
  KEY_TABLE.map(binding => ({ ...binding, keys: chosenKeys(choice, binding) }));

const chosenKeys = (choice: KeyChoice, { name, keys }: Binding): readonly string[] =>
  Object.hasOwn(choice, name) ? (choice[name] ?? keys) : keys;

const withKeys = (text: string, names: ReadonlyMap<string, Binding>): string =>
  text.replace(/\{([a-z-]+)\}/g, (_, name: string) => spellKey(names.get(name)?.keys[0] ?? name));

/** The part of the state that determines the keys. */
interface Keyed {
  readonly keys: KeyChoice;
}

/** All bindings with their present keys. */
export const keyTable = ({ keys }: Keyed): readonly Binding[] => bindingsOf(keys).table;

/** The binding of a key in a part of the screen. */
export const bindingAt = ({ keys }: Keyed, context: KeyContext, key: string): Binding | undefined =>
  bindingsOf(keys).byPlace.get(placeOf(context, key));

/** The first key of an action, as screens spell it. */
export const keyFor = ({ keys }: Keyed, action: ActionName): string =>
  spellKey(bindingsOf(keys).byName.get(action)?.keys[0] ?? action);

/** A text in which each action's name in braces is replaced by the action's first key. */
export const keyed = ({ keys }: Keyed, text: string): string => withKeys(text, bindingsOf(keys).byName);
