import { loadLean } from './lean-ink.ts';
import type { openScreen } from '../../ui/screen.tsx';
import type { Theme } from '../../ui/theme.ts';

/** The parts that draw, once they are loaded. */
export interface LoadedScreen {
  readonly openScreen: typeof openScreen;
  readonly theme: Theme;
}

/** Loads Ink and React, here and nowhere else; React in its production build: the development build costs twice as much. */
export async function loadScreen(asked: string | undefined, isColourless: boolean): Promise<LoadedScreen> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  const [screen, { chooseTheme, themeOf }] = await Promise.all([
    loadLean(() => import('../../ui/screen.tsx')),
    import('../../ui/theme.ts'),
  ]);
  // programs that we start must not inherit it
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  const name = chooseTheme(asked ?? process.env['EGRESSTOP_THEME'], process.env, isColourless);
  return { openScreen: screen.openScreen, theme: themeOf(name) };
}
