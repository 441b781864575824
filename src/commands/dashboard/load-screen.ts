import type { openScreen } from '../../ui/screen.tsx';
import type { Theme } from '../../ui/theme.ts';

/** The parts that draw, once they are loaded. */
export interface LoadedScreen {
  readonly openScreen: typeof openScreen;
  readonly theme: Theme;
}

/** Loads Ink and React, here and nowhere else. */
export async function loadScreen(asked: string | undefined, isColourless: boolean): Promise<LoadedScreen> {
  const [screen, { chooseTheme, themeOf }] = await Promise.all([
    withoutFetch(() => import('../../ui/screen.tsx')),
    import('../../ui/theme.ts'),
  ]);
  const name = chooseTheme(asked ?? process.env['EGRESSTOP_THEME'], process.env, isColourless);
  return { openScreen: screen.openScreen, theme: themeOf(name) };
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
