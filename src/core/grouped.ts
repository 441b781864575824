/** `1,309`: a whole number, not negative. By hand, since an Intl.NumberFormat takes 15 ms to make. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 decision`, `1,309 decisions`; of an irregular noun both forms are given. */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : many}`;
