import { useInput } from 'ink';
import { contextOf, messageOf } from '../app/keys/keymap.ts';
import type { Store } from '../app/store.ts';
import { pressesOf, type KeyPress } from './key-name.ts';

/** Hands every key to the store, by the key table. */
export function useKeys(store: Store): void {
  useInput((input, key) => {
    for (const press of pressesOf(input, key)) handOver(store, press);
  });
}

/** Takes pasted text where text is typed, as one line. Elsewhere it does nothing: pasted text is never a key. */
export function paste(store: Store, text: string): void {
  const typed = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
  if (typed !== '' && contextOf(store.state) === 'prompt') handOver(store, { name: '', text: typed });
}

/** Hands a key over. Its meaning depends on where the keyboard is after the key before it. */
export function handOver(store: Store, { name, text }: KeyPress): void {
  const message = messageOf(store.state, name, text);
  if (message) store.dispatch(message);
}
