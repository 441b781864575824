import type { openScreen } from '../../ui/screen.tsx';

/** Loads Ink and React, here and nowhere else. */
export async function loadScreen(): Promise<typeof openScreen> {
  return (await withoutFetch(() => import('../../ui/screen.tsx'))).openScreen;
}

/** Ink's layout engine decodes its embedded WebAssembly by `fetch` if there is one, and Node would load its HTTP client for it. */
async function withoutFetch<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (!fetch?.configurable) return load();
  Reflect.deleteProperty(globalThis, 'fetch');
  try {
    return await load();
  } finally {
    Object.defineProperty(globalThis, 'fetch', fetch);
  }
}
