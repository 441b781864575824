/** The colours that there are. `plain` has none. */
export const THEME_NAMES = ['dark', 'light', 'contrast', 'colour-blind', 'ansi', 'plain'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];
