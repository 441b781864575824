import {
  isDigit,
  OPEN,
  QUOTE,
  skipLiteral,
  skipNested,
  skipNumber,
  skipText,
  type LogBytes,
} from './json-bytes.ts';
import { MAX_KEYS } from './key-paths.ts';

/** Digits of an integer that a double holds exactly, whichever they are. */
export const EXACT_DIGITS = 15;

/** What a value is. */
export const Kind = {
  missing: 0,
  text: 1,
  integer: 2,
  otherNumber: 3,
  true: 4,
  false: 5,
  null: 6,
  nested: 7,
  end: 8,
} as const;

/** Where the values of one record stand, by their place in it, and what they are. Those of the record before are overwritten. */
export class RecordValues {
  readonly kinds = new Uint8Array(MAX_KEYS);
  /** Of a text without its quotes. */
  readonly starts = new Int32Array(MAX_KEYS);
  readonly ends = new Int32Array(MAX_KEYS);
  /** Of integers only. */
  readonly numbers = new Float64Array(MAX_KEYS);

  /** Takes note of the value that begins at `start`; returns where it ends, or -1. */
  read(log: LogBytes, start: number, place: number): number {
    const { bytes } = log;
    const byte = bytes[start] as number;
    if (byte === QUOTE) {
      const quote = skipText(log, start + 1);
      this.#note(place, Kind.text, start + 1, quote);
      return quote < 0 ? -1 : quote + 1;
    }
    if (isDigit(byte)) return this.#number(bytes, start, place);
    const isNested = byte === OPEN || byte === 0x5b;
    const end = isNested ? skipNested(log, start) : skipLiteral(bytes, start);
    if (end >= 0) return this.#note(place, isNested ? Kind.nested : literalKind(byte), start, end);
    return this.#note(place, Kind.otherNumber, start, skipNumber(bytes, start));
  }

  #note(place: number, kind: number, start: number, end: number): number {
    this.kinds[place] = kind;
    this.starts[place] = start;
    this.ends[place] = end;
    return end;
  }

  #number(bytes: Uint8Array, start: number, place: number): number {
    let value = 0;
    let at = start;
    for (let byte = bytes[at] as number; isDigit(byte); byte = bytes[++at] as number)
      value = value * 10 + byte - 0x30;
    this.numbers[place] = value;
    const isWhole = bytes[at] !== 0x2e && ((bytes[at] as number) | 0x20) !== 0x65;
    if (isWhole && (at === start + 1 || bytes[start] !== 0x30) && at - start <= EXACT_DIGITS)
      return this.#note(place, Kind.integer, start, at);
    return this.#note(place, Kind.otherNumber, start, skipNumber(bytes, start));
  }

  /** Whether a text begins with a letter or digit. */
  isNamed(bytes: Uint8Array, place: number): boolean {
    const byte = bytes[this.starts[place] as number] as number;
    return (
      this.kinds[place] === Kind.text && (isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a))
    );
  }

  /** Whether a value counts: it is there, and no other that it only stands in for is. */
  counts(bytes: Uint8Array, { place, standsInFor }: CountedPlace): boolean {
    if (place < 0) return false;
    for (let index = 0; index < standsInFor.length; index += 1)
      if (this.isNamed(bytes, standsInFor[index] as number)) return false;
    return true;
  }
}

/** A place whose value counts; that of a stand-in only where no value at the places it stands in for does. -1: the key is missing. */
export interface CountedPlace {
  readonly place: number;
  readonly standsInFor: readonly number[];
}

function literalKind(byte: number): number {
  if (byte === 0x74) return Kind.true;
  return byte === 0x66 ? Kind.false : Kind.null;
}
