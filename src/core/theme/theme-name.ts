/** The built-in themes. `plain` has no colours. */
export const THEME_NAMES = ['dark', 'light', 'contrast', 'colour-blind', 'ansi', 'plain'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];
