import { useInput } from 'ink';
import { contextOf, messageOf } from '../app/keys/keymap.ts';
import type { Store } from '../app/store.ts';
import { pressesOf, type KeyPress } from './key-name.ts';

/** Passes every key to the store, by the key table. */
export function useKeys(store: Store): void {
  useInput((input, key) => {
    for (const press of pressesOf(input, key)) handOver(store, press);
  });
}

/** Inserts pasted text as one line where text is typed. Elsewhere it is ignored: pasted text never acts as keys. */
export function paste(store: Store, text: string): void {
  const typed = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
  if (typed !== '' && contextOf(store.state) === 'prompt') handOver(store, { name: '', text: typed });
}

/** Handles one key. Its meaning depends on the state after the key before it. */
export function handOver(store: Store, { name, text }: KeyPress): void {
  const message = messageOf(store.state, name, text);
  if (message) store.dispatch(message);
}
