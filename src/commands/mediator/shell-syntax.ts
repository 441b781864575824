/** The shells that `env` supports. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** One of the supported shells. */
export type Shell = (typeof SHELLS)[number];

/** Lines that set and export variables in a shell. Values are quoted, so that nothing in them is expanded. */
export const exportLines = (shell: Shell, variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${exportLine(shell, name, value)}\n`)
    .join('');

function exportLine(shell: Shell, name: string, value: string): string {
  switch (shell) {
    case 'bash':
    case 'zsh':
      return `export ${name}=${quoteForSh(value)}`;
    case 'fish':
      return `set -gx ${name} '${value.replace(/[\\']/g, character => `\\${character}`)}'`;
    case 'powershell':
      return `$env:${name} = '${value.replace(POWERSHELL_QUOTE, quote => quote + quote)}'`;
  }
}

/** PowerShell also reads typographic single quotes as quotes (about_Quoting_Rules). */
const POWERSHELL_QUOTE = /['\u2018\u2019\u201a\u201b]/g;

/**
 * Quotes a word for a POSIX shell, zsh and fish alike. In fish a backslash in single quotes escapes, so backslashes stand outside of
 * quotes.
 */
export const quoteForSh = (word: string): string =>
  `'${word.replace(/[\\']/g, character => `'\\${character}'`)}'`;
