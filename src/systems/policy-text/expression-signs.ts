/** Escapes a literal character of a glob for a regular expression with the flag `u`, which forbids escaping a hyphen. */
export const literalSign = (sign: string): string => sign.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`);

/** The same inside a character class, where a bare hyphen makes a range. */
export const classSign = (sign: string): string => (sign === '-' ? String.raw`\-` : literalSign(sign));
