/** Reads `length` bytes from a JSON list of numbers, as the gateway writes them; null for anything else. */
export const bytesIn = (value: unknown, length: number): Buffer | null =>
  Array.isArray(value) && value.length === length && value.every(isByte) ? Buffer.from(value) : null;

const isByte = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
