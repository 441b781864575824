/** The name at the top of what an entry names: without the `*`, the dot or the `*.` that widens it, lower-case; empty for what names every host. */
export const apexOf = (entry: string): string =>
  entry
    .trim()
    .toLowerCase()
    .replace(/^\*?\.?/, '')
    .replace(/\.+$/, '');
