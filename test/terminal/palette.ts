/** The colours a terminal has before a program asks for any, as `#rrggbb`. */
export const DEFAULT_FOREGROUND = '#d4d9e0';
export const DEFAULT_BACKGROUND = '#12161d';

const SYSTEM = [
  '#3a414d #f2777a #7fc98b #e6c06b #6cabf0 #c893e8 #5cc5cf #c6ccd5',
  '#737d8c #ff9599 #9be3a7 #f7d98c #8fc3ff #deb0f7 #80dfe8 #ffffff',
]
  .join(' ')
  .split(' ');

const CUBE_LEVELS = [0, 95, 135, 175, 215, 255];

/** Colour `index` (0-255) of xterm's palette: 16 of our own, then the 6×6×6 cube, then 24 greys. */
export function paletteColour(index: number): string {
  const system = SYSTEM[index];
  if (system !== undefined) return system;
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return rgbColour((grey << 16) | (grey << 8) | grey);
  }
  const cube = index - 16;
  const level = (step: number) => CUBE_LEVELS[step % 6] ?? 0;
  return rgbColour((level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6)) << 8) | level(cube));
}

/** A 24-bit colour as `#rrggbb`. */
export function rgbColour(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}
