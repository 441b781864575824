import { expect, it } from 'vitest';
import { blankEvent, type EgressEvent } from '../../src/core/event.ts';
import { eventTest, parseFilter } from '../../src/core/filter.ts';

const event = (known: Partial<EgressEvent>): EgressEvent => ({
  ...blankEvent({ system: 'zeph', source: 'a', kind: 'egress', raw: {} }),
  ...known,
});

it.each([
  ['id:abc', { correlationId: 'abc' }, true],
  ['id:ab', { correlationId: 'abc' }, false],
  ['id:ab*', { correlationId: 'abc' }, true],
  ['id:abc,def', { correlationId: 'DEF' }, true],
  ['id:-', { correlationId: null }, true],
  ['!id:-', { correlationId: 'abc' }, true],
  ['hop:0', { hop: 0 }, true],
  ['hop:0', { hop: null }, false],
  ['hop:>0', { hop: 2 }, true],
  ['hop:-', { hop: null }, true],
  ['hop:-', { hop: 0 }, false],
  ['status:-', { status: null }, true],
  ['status:-', { status: 200 }, false],
  ['!status:-', { status: 200 }, true],
  ['port:-', { port: null }, true],
])('the filter %s on %j gives %s', (query, known, isFound) => {
  const parsed = parseFilter(query);
  if (parsed.type === 'invalid') throw new Error(parsed.error.why);
  expect(eventTest(parsed.terms, 0)(event(known))).toBe(isFound);
});

it.each(['hop:x', 'status:--', 'id:', 'hop:'])('the filter %s is refused', query => {
  expect(parseFilter(query).type).toBe('invalid');
});
