/** The shells that `env` writes for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** A shell that `env` writes for. */
export type Shell = (typeof SHELLS)[number];

/** The lines that set these variables in a shell and export them. No value is expanded, and none can end its quotes. */
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

/** PowerShell reads the typographic single quotes as quotes too (about_Quoting_Rules). */
const POWERSHELL_QUOTE = /['\u2018\u2019\u201a\u201b]/g;

/**
 * A word that a POSIX shell, zsh and fish read alike. Fish takes a backslash in single quotes for an escape, so it stands outside of them.
 */
export const quoteForSh = (word: string): string =>
  `'${word.replace(/[\\']/g, character => `'\\${character}'`)}'`;
