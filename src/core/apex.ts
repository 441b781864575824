/** The name that an entry stands on: lower-case, without a leading `*`, dot or `*.`. Empty for an entry that names every host. */
export const apexOf = (entry: string): string =>
  entry
    .trim()
    .toLowerCase()
    .replace(/^\*?\.?/, '')
    .replace(/\.+$/, '');
