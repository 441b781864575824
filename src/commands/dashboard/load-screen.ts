import type { openScreen } from '../../ui/screen.tsx';
import type { Theme } from '../../ui/theme.ts';
import type { WatchOptions } from './watch-options.ts';

/** The parts that draw, once they are loaded. */
export interface LoadedScreen {
  readonly openScreen: typeof openScreen;
  readonly theme: Theme;
}

/** Loads Ink and React, here and nowhere else. */
export async function loadScreen({
  theme: asked,
  customTheme: custom,
  color,
}: Pick<WatchOptions, 'theme' | 'customTheme' | 'color'>): Promise<LoadedScreen> {
  const [screen, { chooseTheme, themeOf, withLooks }] = await Promise.all([
    withoutFetch(() => import('../../ui/screen.tsx')),
    import('../../ui/theme.ts'),
  ]);
  const wanted = custom ? 'dark' : (asked ?? process.env['EGRESSTOP_THEME']);
  const name = chooseTheme(wanted, process.env, color === false);
  const isCustom = custom !== undefined && name !== 'plain';
  return { openScreen: screen.openScreen, theme: isCustom ? withLooks(custom) : themeOf(name) };
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
