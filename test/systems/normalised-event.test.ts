import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { logJson, logText } from '../../src/report/log-line.ts';
import { decodeLine } from '../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { fixturePath } from '../commands/program.ts';

const ORIGIN = { source: 'kept.jsonl', agent: null };
const LINES = readdirSync(fixturePath(''))
  .filter(name => name.endsWith('.jsonl'))
  .flatMap(name => readFileSync(fixturePath(name), 'utf8').split('\n'))
  .filter(line => line !== '');

const eventOf = (line: string): EgressEvent => {
  const decoded = decodeLine(line, ORIGIN, SYSTEMS);
  if (decoded.type !== 'event') throw new Error(`${decoded.type}: ${line}`);
  return decoded.event;
};

it('every event of every fixture that log --json prints is read back as it was', () => {
  for (const line of LINES) {
    const event = eventOf(line);
    const again = eventOf(logJson(event));
    expect({ ...again, raw: null }).toEqual({ ...event, raw: null });
    expect(logJson(again)).toBe(logJson(event));
    const columns = SYSTEMS.find(({ name }) => name === event.system)?.columns;
    if (columns) expect(logText(columns(again))).toBe(logText(columns(event)));
  }
});

it('an event whose record was taken out is read back all the same', () => {
  for (const line of LINES.slice(0, 300)) {
    const event = eventOf(line);
    const { raw: _, ...rest } = JSON.parse(logJson(event)) as Record<string, unknown>;
    const again = eventOf(JSON.stringify(rest));
    expect({ ...again, raw: null, time: null }).toEqual({ ...event, raw: null, time: null });
  }
});

it('a printed event with an unknown verdict or system is malformed: it is never counted', () => {
  const printed = JSON.parse(logJson(eventOf(LINES[0] ?? ''))) as Record<string, unknown>;
  for (const change of [{ verdict: 'blocked' }, { verdict: 1 }, { system: 'nobody' }, { system: null }])
    expect(decodeLine(JSON.stringify({ ...printed, ...change }), ORIGIN, SYSTEMS)).toMatchObject({
      type: 'malformed',
    });
});

it.each([
  { event: 'added_allow', host: 'e.example', ts: '2026-06-16T00:00:01Z' },
  { kind: 'egress', host: 'a.example', action: 'deny' },
  { hello: 1 },
])('the record %j that no system owns is printed and read back as unrecognised', record => {
  const read = (line: string): object => {
    const decoded = decodeLine(line, ORIGIN, SYSTEMS);
    if (decoded.type !== 'unrecognised') throw new Error(decoded.type);
    return decoded.event;
  };
  const event = read(JSON.stringify(record)) as EgressEvent;
  expect(read(logJson(event))).toEqual(event);
  const forged = { ...(JSON.parse(logJson(event)) as object), verdict: 'allow' };
  expect(read(JSON.stringify(forged))).toMatchObject({ verdict: null });
});

it('a printed event whose fields hold anything never raises an exception', () => {
  const printed = JSON.parse(logJson(eventOf(LINES[0] ?? ''))) as Record<string, unknown>;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(printed)), fc.jsonValue(), (key, value) => {
      expect(['event', 'malformed']).toContain(
        decodeLine(JSON.stringify({ ...printed, [key]: value }), ORIGIN, SYSTEMS).type,
      );
    }),
  );
});
