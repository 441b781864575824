export const NUMBER = new Intl.NumberFormat('en-US');

/** `1 decision`, `1,800 decisions`. */
export const counted = (count: number, noun: string): string =>
  `${NUMBER.format(count)} ${noun}${count === 1 ? '' : 's'}`;
