import { useInput } from 'ink';
import { contextOf, messageOf } from '../../app/keymap.ts';
import type { Store } from '../../app/store.ts';
import { keyName, keysIn } from '../key-name.ts';

/** Hands every key to the store, by the key table. */
export function useKeys(store: Store): void {
  useInput((input, key) => {
    const name = keyName(input, key);
    const isTyped = input.length > 1 && name === input;
    if (isTyped && contextOf(store.state) !== 'prompt') {
      for (const each of keysIn(input)) press(store, each === ' ' ? 'space' : each, each);
    } else press(store, name, key.ctrl || key.meta ? '' : input);
  });
}

function press(store: Store, name: string, text: string): void {
  const message = messageOf(store.state, name, text);
  if (message) store.dispatch(message);
}
