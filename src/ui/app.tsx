import { useApp, usePaste } from 'ink';
import { useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { contextOf } from '../app/keys/keymap.ts';
import type { Store } from '../app/store.ts';
import { Frame, type DialogPart } from './frame.tsx';
import { useKeys } from './use-keys.ts';
import type { Theme } from './theme.ts';

/** The things that only a mounted Ink app can do. */
export type TerminalHandle = Pick<ReturnType<typeof useApp>, 'suspendTerminal'>;

interface AppProps {
  readonly store: Store;
  readonly theme: Theme;
  /** The dialog of now; the same object until it changes. */
  readonly dialog: () => DialogPart;
  readonly onReady: (handle: TerminalHandle) => void;
}

/** The dashboard as Ink has it: the open dialog, drawn; every key, handed to the store. */
export function App({ store, theme, dialog, onReady }: AppProps): ReactElement {
  const shown = useSyncExternalStore(store.subscribe, dialog);
  const { suspendTerminal } = useApp();
  useEffect(() => onReady({ suspendTerminal }), [onReady, suspendTerminal]);
  useKeys(store);
  // pasted text is text: outside a prompt it must never run as keys
  usePaste(text => {
    if (contextOf(store.state) === 'prompt') store.dispatch({ type: 'typed', text });
  });
  return <Frame dialog={shown} columns={store.state.columns} theme={theme} />;
}
