import { PARTS, type Measure, type Part, type RecordShape } from '../../core/record-shape.ts';
import type { CountedPlace } from './record-values.ts';

/** The keys of a record, by their places in it, as a shape reads them. Places are -1 where the key is missing. */
export interface Layout {
  readonly id: number;
  readonly shape: RecordShape;
  /** The shape's place in the list of shapes. */
  readonly shapeId: number;
  /** The values that each part is made of, in the order of PARTS. */
  readonly parts: readonly (readonly CountedPlace[])[];
  /** Those of all parts that are there. */
  readonly counted: readonly CountedPlace[];
  /** The places of measured values. */
  readonly measured: readonly number[];
  readonly time: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly status: number;
}

/** How a record with these keys is read; null where no shape names them all, or a key comes twice. */
export function layoutOf(id: number, keys: readonly string[], shapes: readonly RecordShape[]): Layout | null {
  if (new Set(keys).size < keys.length) return null;
  const shape = shapes.find(
    candidate =>
      candidate.required.every(key => keys.includes(key)) &&
      keys.every(key => namedKeys(candidate).includes(key)),
  );
  if (!shape) return null;
  const placeOf = (key: string): number => keys.indexOf(key);
  const measure = (name: Measure): number => placeOf(shape.measured[name] ?? '');
  const [bytes, durationMs, status] = [measure('bytes'), measure('durationMs'), measure('status')];
  const parts = PARTS.map(part => valuesOf(part, shape, placeOf));
  return {
    id,
    shape,
    shapeId: shapes.indexOf(shape),
    parts,
    counted: parts.flat().filter(({ place }) => isPlace(place)),
    measured: [bytes, durationMs, status].filter(isPlace),
    time: placeOf(shape.time.key),
    bytes,
    durationMs,
    status,
  };
}

/** A key that is missing has a value too, at place -1: so the same values of a part are the same in every layout. */
const valuesOf = (
  part: Part,
  { parts, standIns }: RecordShape,
  placeOf: (key: string) => number,
): readonly CountedPlace[] =>
  parts[part].map(key => ({
    place: placeOf(key),
    standsInFor: (standIns[key] ?? []).map(placeOf).filter(isPlace),
  }));

const isPlace = (place: number): boolean => place >= 0;

/** Every key that a shape knows. */
export const namedKeys = (shape: RecordShape): readonly string[] => [
  ...Object.values(shape.parts).flat(),
  ...shape.silent,
  ...Object.values(shape.measured),
  shape.time.key,
];
