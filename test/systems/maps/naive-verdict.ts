import type { JsonObject, Verdict } from '../../../src/core/event.ts';
import type { Condition, Conditions, FieldMap, PathStep } from '../../../src/core/maps/field-map.ts';

/** The verdict that a map's conditions give a record: each path followed anew, each pattern as a regular expression. */
export function naiveVerdict(map: FieldMap, record: JsonObject): Verdict | null {
  if (map.ignore.some(conditions => allHold(conditions, record))) return null;
  return map.verdict.find(({ when }) => allHold(when, record))?.verdict ?? null;
}

const allHold = (conditions: Conditions, record: JsonObject): boolean =>
  conditions.every(condition => holds(condition, record));

function holds({ path, test }: Condition, record: JsonObject): boolean {
  const values = valuesAt(record, path.steps);
  const isThere = values.some(isSomething);
  if (test.type === 'exists') return isThere === test.wanted;
  const isListed = values.some(value => test.patterns.some(pattern => matches(pattern, value)));
  if (test.type === 'is') return isListed;
  return !isListed && (test.type === 'not' || isThere);
}

const isSomething = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  !['[]', '{}'].includes(JSON.stringify(value) ?? '');

function valuesAt(value: unknown, [step, ...rest]: readonly PathStep[]): readonly unknown[] {
  if (!step) return [value];
  if (step.type === 'each')
    return Array.isArray(value) && value.length > 0
      ? value.flatMap(item => valuesAt(item, rest))
      : [undefined];
  return valuesAt(inside(value, step), rest);
}

function inside(value: unknown, step: PathStep): unknown {
  if (step.type === 'json') return typeof value === 'string' ? JSON.parse(value) : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const key = step.type === 'key' ? step.key : String(step.type === 'index' ? step.index : '');
  if (Array.isArray(value) !== (step.type === 'index')) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function matches(pattern: string, value: unknown): boolean {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(String(value));
}
