import { isMap, isSeq, type Node } from 'yaml';
import { UNIT_MS, type MapPath, type MapValue, type TimeUnit } from '../../core/maps/field-map.ts';
import { parsePath } from '../../core/maps/map-path.ts';
import type { StrictYaml } from '../policy-text/strict-yaml.ts';

/** The most places of a field. */
const MOST_PLACES = 12;
const UNITS = Object.keys(UNIT_MS) as readonly TimeUnit[];

/** The places of a field: one, or a list of which the first with a value counts. */
export function readValues(text: StrictYaml, node: Node | null, what: string): readonly MapValue[] {
  const items = text.items(node);
  if (items.length === 0 || items.length > MOST_PLACES)
    text.error(node, `${what} has ${items.length} places: 1 to ${MOST_PLACES} are allowed`);
  return items.slice(0, MOST_PLACES).flatMap(item => readValue(text, item, what) ?? []);
}

/** The places of a time or duration with the unit: `started`, or `{at: started, unit: ms}`. */
export function readTimed(
  text: StrictYaml,
  node: Node | null,
  what: string,
): { readonly values: readonly MapValue[]; readonly unit: TimeUnit | null } {
  if (!isMap(node)) return { values: readValues(text, node, what), unit: null };
  const entries = new Map(
    text.entries(node, what, ['at', 'unit']).map(({ key, value }) => [key, value] as const),
  );
  if (!entries.has('at')) text.error(node, `${what} lacks at, the path to it`);
  return {
    values: entries.has('at') ? readValues(text, entries.get('at') ?? null, what) : [],
    unit: entries.has('unit') ? text.word(entries.get('unit') ?? null, 'unit', UNITS) : null,
  };
}

function readValue(text: StrictYaml, node: Node | null, what: string): MapValue | null {
  if (isMap(node)) return readPart(text, node, what);
  const written = text.text(node, what);
  if (written === null) return null;
  if (written.includes('{') && !('steps' in parsePath(written))) return readTemplate(text, node, written);
  const path = readPath(text, node, written);
  return path && { type: 'path', path };
}

/** A computed value. `{host: client}`: the host of an address with a port. `{sum: [sent, received]}`: the sum of both. */
function readPart(text: StrictYaml, node: Node, what: string): MapValue | null {
  const [entry, ...more] = text.entries(node, what, ['host', 'sum']);
  if (!entry) return null;
  if (more.length > 0) text.error(node, `${what} is one of host and sum`);
  if (entry.key === 'host') {
    const written = text.text(entry.value, 'host');
    const path = written === null ? null : readPath(text, entry.value, written);
    return path && { type: 'host', path };
  }
  if (what !== 'bytes' || !isSeq(entry.value)) {
    text.error(
      node,
      'a sum is a list of paths, and only bytes can be one',
      'write bytes: {sum: [sent, received]}',
    );
    return null;
  }
  const paths = text.items(entry.value).flatMap(item => {
    const written = text.text(item, 'a path of a sum');
    return written === null ? [] : (readPath(text, item, written) ?? []);
  });
  return { type: 'sum', paths };
}

/** A text with paths in braces, such as `{pod}.{namespace}`. */
function readTemplate(text: StrictYaml, node: Node | null, written: string): MapValue | null {
  const pieces: (string | MapPath)[] = [];
  for (const [index, piece] of written.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0) {
      if (/[{}]/.test(piece)) {
        text.error(
          node,
          `a brace of ${written} is not closed`,
          'write a path in braces, as {pod}.{namespace}',
        );
        return null;
      }
      if (piece !== '') pieces.push(piece);
      continue;
    }
    const path = readPath(text, node, piece);
    if (!path) return null;
    pieces.push(path);
  }
  return { type: 'template', pieces };
}

/** A path. Any other text is a fault and gives null. */
export function readPath(text: StrictYaml, at: number | Node | null, written: string): MapPath | null {
  const path = parsePath(written);
  if ('steps' in path) return path;
  text.error(
    at,
    `${written} is no path, at character ${path.offset + 1}: ${path.why}`,
    'write it as audit.host or names[0]',
  );
  return null;
}
