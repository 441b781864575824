/** A sign of a glob that stands for itself, in a regular expression with the flag `u`. There a hyphen may not be escaped. */
export const literalSign = (sign: string): string => sign.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`);

/** The same within a class, where a bare hyphen makes a range. */
export const classSign = (sign: string): string => (sign === '-' ? String.raw`\-` : literalSign(sign));
