import fc from 'fast-check';
import { KEY_TABLE } from '../../src/app/keys/key-table.ts';
import { VERDICTS, type EgressEvent } from '../../src/core/event.ts';
import { decision, info } from '../core/sample-events.ts';
import { anyText } from './any-text.ts';
import { PLAN, type Session } from './session.ts';
import { NOW } from './traffic-of.ts';

const name = fc.option(fc.oneof(anyText, fc.constantFrom('docs.rs', 'pinned.example', 'a.pypi.org')));
const known = fc.record({
  host: name,
  tool: name,
  agent: name,
  reason: name,
  kind: anyText,
  method: name,
  url: fc.option(anyText.map(text => `https://x.example/${text}?q=${text}`)),
  address: name,
  status: fc.option(fc.integer({ min: 0, max: 999 })),
  bytes: fc.option(fc.nat()),
  durationMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
  at: fc.option(fc.integer({ min: 0, max: NOW * 2 })),
  correlationId: fc.option(fc.constantFrom('c1', 'c2')),
  raw: fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.array(anyText, { maxLength: 2 }))),
});
/** Any event, hostile texts in it. */
export const anyEvent: fc.Arbitrary<EgressEvent> = fc
  .tuple(fc.option(fc.constantFrom(...VERDICTS)), known)
  .map(([verdict, facts]) => (verdict === null ? info(facts) : decision(verdict, facts)));

/** Something that happens to the program. */
export type Step = (session: Session) => void;

const KEYS = [...new Set(KEY_TABLE.flatMap(({ keys }) => keys))].filter(key => key !== 'ctrl-c');
/** Any key, text, event, size, click, answer or news. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...KEYS).map(
      (key): Step =>
        session =>
          session.press(key),
    ),
  },
  {
    weight: 1,
    arbitrary: anyText.map(
      (text): Step =>
        session =>
          session.tell({ type: 'typed', text }),
    ),
  },
  {
    weight: 1,
    arbitrary: anyEvent.map(
      (more): Step =>
        session =>
          session.store.add(more),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 0, max: 220 }), fc.integer({ min: 0, max: 70 })).map(
      ([columns, rows]): Step =>
        session =>
          session.tell({ type: 'resized', columns, rows }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: -1, max: 70 }), fc.integer({ min: -1, max: 200 })).map(
      ([row, column]): Step =>
        session =>
          session.tell({ type: 'row-clicked', row, column }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.array(anyText, { maxLength: 40 }), fc.boolean())
      .map(([lines, hasWarning]): Step => ({ state, plan }) => {
        if (state().dialog.type !== 'edit') return;
        const warnings = hasWarning ? [{ severity: 'danger' as const, entry: 'x', why: lines.join() }] : [];
        plan({ ...PLAN, diff: lines.map(text => `+${text}`).join('\n'), warnings });
      }),
  },
  {
    weight: 1,
    arbitrary: anyText.map(
      (why): Step =>
        session =>
          session.tell({
            type: 'policy-rejected',
            trouble: 'invalid',
            path: `/${why}`,
            problems: [{ source: why, line: 1, column: 1, severity: 'error', why, remedy: why }],
          }),
    ),
  },
  {
    weight: 1,
    arbitrary: anyText.map(
      (source): Step =>
        session =>
          session.tell({
            type: 'source-changed',
            source: { source, state: 'failed', why: source, readBytes: 0, totalBytes: 0 },
          }),
    ),
  },
);
