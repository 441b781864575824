import { useApp, usePaste } from 'ink';
import { useEffect, useSyncExternalStore, type ReactElement } from 'react';
import { contextOf } from '../app/keys/keymap.ts';
import type { Store } from '../app/store.ts';
import { Frame, type DialogPart } from './frame.tsx';
import { useKeys } from './use-keys.ts';
import type { Theme } from './theme.ts';

/** The functions that only a mounted Ink app provides. */
export type TerminalHandle = Pick<ReturnType<typeof useApp>, 'suspendTerminal'>;

interface AppProps {
  readonly store: Store;
  readonly theme: Theme;
  /** The present dialog. It returns the same object until the dialog changes. */
  readonly dialog: () => DialogPart;
  readonly onReady: (handle: TerminalHandle) => void;
}

/** The Ink app of the dashboard: it draws the open dialog and passes every key to the store. */
export function App({ store, theme, dialog, onReady }: AppProps): ReactElement {
  const shown = useSyncExternalStore(store.subscribe, dialog);
  const { suspendTerminal } = useApp();
  useEffect(() => onReady({ suspendTerminal }), [onReady, suspendTerminal]);
  useKeys(store);
  // pasted text is never handled as keys
  usePaste(text => {
    if (contextOf(store.state) === 'prompt') store.dispatch({ type: 'typed', text });
  });
  return <Frame dialog={shown} columns={store.state.columns} theme={theme} />;
}
