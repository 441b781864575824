import { useSyncExternalStore } from 'react';
import type { View } from '../../app/select/select.ts';
import type { Store } from '../../app/store.ts';

/** The store's view; renders again when the store publishes another one. */
export const useView = (store: Store): View => useSyncExternalStore(store.subscribe, store.view);
