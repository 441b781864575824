import { PARTS, type Part, type RecordShape } from '../../../core/record-shape.ts';

/** The keys of a record, by their places, as a shape reads them. */
export interface Layout {
  readonly shape: RecordShape;
  /** The kernel's view of it: see src/reading/by-bytes/scan/kernel/layout.ts. */
  readonly words: Int32Array;
}

/** How a record with these keys, of which it is said where they stand, is read; null where no shape names them all. `id` tells layouts apart. */
export function layoutOf(
  id: number,
  places: ReadonlyMap<string, number>,
  shapes: readonly RecordShape[],
): Layout | null {
  const shape = shapes.find(
    candidate =>
      candidate.required.every(key => places.has(key)) &&
      [...places.keys()].every(key => namedKeys(candidate).includes(key)),
  );
  if (!shape) return null;
  const placeOf = (key: string | undefined): number => places.get(key ?? '') ?? MISSING;
  const { bytes, durationMs, status } = shape.measured;
  const measures = [bytes, durationMs, status].map(placeOf);
  const added = placeOf(shape.addedBytes);
  const words = [
    id,
    shapes.indexOf(shape),
    placeOf(shape.time.key),
    ...measures,
    Number(shape.time.isUnix) + (shape.time.hasOthers ? OTHER_TIMES : 0),
    added,
  ];
  const parts = PARTS.map(part => partWords(part, shape, placeOf));
  return {
    shape,
    words: Int32Array.from([...words, ...counted([...measures, added].filter(isPlace)), ...parts.flat()]),
  };
}

const MISSING = -1;
/** Bits of the words, as src/reading/by-bytes/scan/kernel/layout.ts has them. */
const OTHER_TIMES = 2;
const WITHOUT_PORT = 64;

/** A key that is missing has a value too, at place -1: so the same values of a part are the same in every layout. */
const partWords = (
  part: Part,
  { parts, standIns, withoutPorts = [] }: RecordShape,
  placeOf: (key: string) => number,
): readonly number[] => [
  parts[part].length,
  ...parts[part].flatMap(key => [
    placeOf(key) + (isPlace(placeOf(key)) && withoutPorts.includes(key) ? WITHOUT_PORT : 0),
    ...counted((standIns[key] ?? []).map(placeOf).filter(isPlace)),
  ]),
];

const counted = (places: readonly number[]): readonly number[] => [places.length, ...places];

const isPlace = (place: number): boolean => place >= 0;

/** Every key that a shape knows. */
export const namedKeys = (shape: RecordShape): readonly string[] => [
  ...Object.values(shape.parts).flat(),
  ...shape.silent,
  ...Object.values(shape.measured),
  ...(shape.addedBytes === undefined ? [] : [shape.addedBytes]),
  shape.time.key,
];
