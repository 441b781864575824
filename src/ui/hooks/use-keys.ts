import { useInput } from 'ink';
import { messageOf } from '../../app/keymap.ts';
import type { Store } from '../../app/store.ts';
import { keyName, keysIn, type KeyPress } from '../key-name.ts';

/** Hands every key to the store, by the key table. */
export function useKeys(store: Store): void {
  useInput((input, key) => {
    const name = keyName(input, key);
    const presses =
      input.length > 1 && name === input
        ? keysIn(input)
        : [{ name, text: key.ctrl || key.meta ? '' : input }];
    for (const press of presses) handOver(store, press);
  });
}

function handOver(store: Store, { name, text }: KeyPress): void {
  const message = messageOf(store.state, name, text);
  if (message) store.dispatch(message);
}
