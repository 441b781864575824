/** The size of a cell in SVG units. Both are odd, so that a line one unit wide through the middle falls on whole pixels. */
export const CELL_WIDTH = 9;
export const CELL_HEIGHT = 19;

/** DejaVu Sans Mono advances 1233/2048 em: at this size that is one cell. */
export const FONT_SIZE = 14.95;

/** From a cell's top to the line its letters stand on. */
export const BASELINE = 14;
