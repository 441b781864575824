/** `TORTURE=short` is the selection that CI runs: everything, a tenth as long. */
export const isShort = process.env['TORTURE'] === 'short';

/** How often, or how much: a tenth of it in the short selection, but never less than `least`. */
export const scaled = (amount: number, least = 1): number =>
  isShort ? Math.max(least, Math.round(amount / 10)) : amount;
