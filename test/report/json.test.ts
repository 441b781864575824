import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../src/core/event.ts';
import { LIMITS } from '../../src/core/limits.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { reportJson } from '../../src/report/json.ts';
import { toJson } from '../../src/report/inert-json.ts';
import { buildReport, reportRows } from '../../src/report/report.ts';
import { decision } from '../core/sample-events.ts';
import { ANY_CHARACTER } from '../any-character.ts';

const event = fc
  .record({
    host: fc.constantFrom('a', 'b\u202e', 'c', '7', '__proto__'),
    // an object puts names that are numbers first
    tool: fc.oneof(fc.string(), fc.constantFrom('9', '10', '01', '__proto__')),
    agent: fc.option(fc.oneof(fc.string(), fc.constantFrom('4294967294', '4294967295', 'x'))),
    at: fc.option(fc.integer({ min: -1e13, max: 1e15 })),
    bytes: fc.option(fc.nat()),
    reason: fc.option(fc.string({ unit: ANY_CHARACTER })),
    verdict: fc.constantFrom(...VERDICTS),
  })
  .map(({ verdict, ...known }) => decision(verdict, known));

it('the pieces of a report are its JSON, laid out by two blanks, whatever was counted', () => {
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 1, max: 4 }), (events, hosts) => {
      const traffic = new Traffic({ ...LIMITS, hosts });
      for (const event of events) traffic.add(event, 0);
      traffic.addProblem({
        source: 'a\u202eb',
        line: 1,
        column: null,
        severity: 'error',
        why: 'w\nw',
        remedy: '',
      });
      const whole = `${toJson(buildReport(traffic), 2)}\n`;
      expect([...reportJson(reportRows(traffic))].join('')).toBe(whole);
    }),
  );
});
