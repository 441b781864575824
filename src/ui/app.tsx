import { useApp, usePaste } from 'ink';
import { useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { contextOf } from '../app/keys/keymap.ts';
import type { Store } from '../app/store.ts';
import { Frame } from './frame.tsx';
import { useKeys } from './use-keys.ts';
import type { Theme } from './theme.ts';

/** What only a mounted Ink app can do. */
export type TerminalHandle = Pick<ReturnType<typeof useApp>, 'suspendTerminal'>;

interface AppProps {
  readonly store: Store;
  readonly theme: Theme;
  readonly onReady: (handle: TerminalHandle) => void;
}

/** The dashboard: the store's view, drawn; every key, handed to the store. */
export function App({ store, theme, onReady }: AppProps): ReactElement {
  const view = useSyncExternalStore(store.subscribe, store.view);
  const { suspendTerminal } = useApp();
  useEffect(() => onReady({ suspendTerminal }), [onReady, suspendTerminal]);
  useKeys(store);
  // pasted text is text: outside a prompt it must never run as keys
  usePaste(text => {
    if (contextOf(store.state) === 'prompt') store.dispatch({ type: 'typed', text });
  });
  return <Frame lines={view.frame} columns={store.state.columns} theme={theme} />;
}
