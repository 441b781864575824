import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import type { Dialect, Entry, EntryChange } from '../../../src/core/policy/dialect.ts';
import { takeBack, unifiedDiff } from '../../../src/policy-file/editing/diff.ts';
import { zephDialect } from '../../../src/systems/zeph/policy/dialect.ts';
import { changedLines } from '../changed-lines.ts';
import { runs } from '../../runs.ts';

/** An array in somebody's handwriting: its lines, and the entries in it. */
interface Written {
  readonly text: string;
  readonly entries: readonly string[];
  /** Whether every entry has a line of its own. */
  readonly isOnLines: boolean;
}

const host = fc.constantFrom(
  'docs.rs',
  '*.rust-lang.org',
  'crates.io',
  'a.b',
  'x_y.example',
  '#"\\,]',
  "it's",
  '[::1]',
);
const note = fc.constantFrom('', '', ' # a, "b" ]', '# egresstop: until 2026-11-20T18:00:00Z', "\t# it's");
const item = fc.record({
  entry: host,
  isLiteral: fc.boolean(),
  note,
  above: fc.constantFrom('', '', '# above, ]'),
});

const quoted = (entry: string, isLiteral: boolean): string =>
  isLiteral && !entry.includes("'") ? `'${entry}'` : JSON.stringify(entry);

const written: fc.Arbitrary<Written> = fc
  .record({
    items: fc.uniqueArray(item, { maxLength: 5, selector: ({ entry }) => entry }),
    style: fc.constantFrom('line', 'lines', 'lines', 'packed', 'beside'),
    indent: fc.constantFrom('  ', '\t', ''),
    hasComma: fc.boolean(),
    open: fc.constantFrom('[', '[ # list of, ['),
  })
  .map(({ items, style, indent, hasComma, open }) => {
    const entries = items.map(({ entry }) => entry);
    const values = items.map(({ entry, isLiteral }) => quoted(entry, isLiteral));
    const last = hasComma && items.length > 0 ? ',' : '';
    if (style === 'line') return { text: `[${values.join(', ')}${last}]`, entries, isOnLines: false };
    if (style === 'packed')
      return { text: `[ ${values.join(`,\n${indent}`)}${last} ]`, entries, isOnLines: false };
    const isBeside = style === 'beside';
    const lines = items.flatMap(({ above, note }, index) => [
      ...(above === '' || (isBeside && index === 0) ? [] : [`${indent}${above}`]),
      `${indent}${values[index]}${index === items.length - 1 ? last : ','}${note}`,
    ]);
    if (isBeside && lines.length > 0)
      return { text: `[${lines.join('\n').trimStart()}\n]`, entries, isOnLines: false };
    return { text: [open, ...lines, ']'].join('\n'), entries, isOnLines: true };
  });

/** Where a configuration may name the lists; `A` and `D` stand for the arrays. */
const FORMS = [
  '[tools.scrape]\ntimeout = 15 # s\nallowed_domains = A # a\ndenied_domains = D\n\n[security]\nredact = true',
  '# config\n[tools]\nscrape.allowed_domains = A\nscrape.denied_domains=D\nenabled = true',
  'tools.scrape.denied_domains = D\n"tools".\'scrape\'."allowed_domains" = A\n[[llm.providers]]\nx = 1',
  '[tools]\nscrape = { timeout = 1, denied_domains = D, allowed_domains = A }\n[a.b]\nc = 1979-05-27',
] as const;

const config = fc
  .record({
    form: fc.constantFrom(...FORMS),
    allow: written,
    deny: written,
    eol: fc.constantFrom('\n', '\r\n'),
    final: fc.boolean(),
  })
  .map(({ form, allow, deny, eol, final }) => ({
    text: (
      form.replace('A', () => allow.text).replace('D', () => deny.text) + (final ? '\n' : '')
    ).replaceAll('\n', eol),
    allow,
    deny,
  }));

const until = fc.constantFrom(undefined, Date.UTC(2026, 10, 20, 18));
const list = fc.constantFrom('allow' as const, 'deny' as const);

function entriesOf(text: string): readonly Entry[] {
  const parsed = zephDialect.parse(text, 'z.toml');
  if (parsed.type === 'invalid') throw new Error(`${JSON.stringify(parsed.problems)}\n${text}`);
  return parsed.policy.entries;
}

const textsOf = (text: string, of: string): readonly string[] =>
  entriesOf(text).flatMap(entry => (entry.list === of ? [entry.text] : []));

const unexpanded: Dialect = { ...zephDialect, expand: (_, edit) => edit };

function edited(text: string, change: EntryChange): string {
  const outcome = editPolicy({ text, path: 'z.toml', dialect: unexpanded }, [change]);
  if (outcome.type === 'refused') throw new Error(`${outcome.why}\n${text}`);
  return outcome.type === 'edited' ? outcome.text : text;
}

describe('whatever the handwriting of a TOML configuration', () => {
  it('its entries are read as they were meant', () => {
    fc.assert(
      fc.property(config, ({ text, allow, deny }) => {
        expect([textsOf(text, 'allow'), textsOf(text, 'deny')]).toEqual([allow.entries, deny.entries]);
      }),
      { numRuns: runs(500) },
    );
  });

  it('an added entry stands at the end of its list, with its end, and everything else is as it was', () => {
    fc.assert(
      fc.property(config, list, until, (config, list, until) => {
        const { text } = config;
        const change = {
          type: 'add',
          list,
          entry: 'new.example',
          ...(until === undefined ? {} : { until }),
        } as const;
        const after = edited(text, change);
        expect(textsOf(after, list)).toEqual([...config[list].entries, 'new.example']);
        expect(entriesOf(after).find(entry => entry.text === 'new.example')?.until).toBe(until ?? null);
        expect(
          entriesOf(after)
            .filter(entry => entry.text !== 'new.example')
            .map(({ until }) => until),
        ).toEqual(entriesOf(text).map(({ until }) => until));
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text));
        expect(after.endsWith('\n')).toBe(text.endsWith('\n'));
        for (const line of text.split(/\r?\n/).filter(line => /above|redact|1979|# config/.test(line)))
          expect(after).toContain(line);
      }),
      { numRuns: runs(1_500) },
    );
  });

  it('a removed entry is gone, and every other one and its end stays', () => {
    fc.assert(
      fc.property(config, list, fc.nat(), (config, list, pick) => {
        const { entries } = config[list];
        const entry = entries[pick % entries.length];
        fc.pre(entry !== undefined);
        const after = edited(config.text, { type: 'remove', list, entry });
        const kept = (one: Entry): boolean => one.list !== list || one.text !== entry;
        const shape = ({ list, text, until }: Entry): unknown => [list, text, until];
        expect(entriesOf(after).map(shape)).toEqual(entriesOf(config.text).filter(kept).map(shape));
      }),
      { numRuns: runs(1_500) },
    );
  });

  it('where entries have lines of their own, an edit changes its own line, and the one above at most by a comma', () => {
    fc.assert(
      fc.property(config, list, fc.nat(), (config, list, pick) => {
        const { entries, isOnLines } = config[list];
        fc.pre(isOnLines && entries.length > 1);
        const added = changedLines(
          config.text,
          edited(config.text, { type: 'add', list, entry: 'new.example' }),
        );
        expect(withoutCommas(added)).toEqual([expect.stringMatching(/^\+[ \t]*['"]new\.example['"]/)]);
        const entry = entries[pick % entries.length] ?? '';
        const removed = changedLines(config.text, edited(config.text, { type: 'remove', list, entry }));
        expect(withoutCommas(removed)).toEqual([expect.stringMatching(/^-/)]);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('undo takes every byte of an edit back', () => {
    fc.assert(
      fc.property(config, list, until, ({ text }, list, until) => {
        const change = {
          type: 'add',
          list,
          entry: 'new.example',
          ...(until === undefined ? {} : { until }),
        } as const;
        const after = edited(text, change);
        expect(takeBack(unifiedDiff('z.toml', text, after), after)).toBe(text);
      }),
      { numRuns: runs(500) },
    );
  });

  it('any text at all is edited or refused, never an exception', () => {
    const scrap = fc.constantFrom(
      '[tools.scrape]',
      'allowed_domains',
      '=',
      '[',
      ']',
      '{',
      '}',
      '"a"',
      "'b'",
      ',',
      '\n',
      '#',
      '.',
      'tools',
      'scrape',
      '1',
      '"""',
      '[[',
      ']]',
      ' ',
      '\ufeff',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 20 }), list, (parts, list) => {
        const path = ['tools', 'scrape', list === 'allow' ? 'allowed_domains' : 'denied_domains'];
        const text = parts.join('');
        zephDialect.parse(text, 'z.toml');
        const spliced = applyChanges(text, 'toml', [{ type: 'add', path, value: 'x', comment: null }]);
        if (spliced.type === 'spliced') expect(textsOf(spliced.text, list)).toContain('x');
      }),
      { numRuns: runs(3_000) },
    );
  });
});

/** The changed lines without pairs that differ in a comma alone. */
function withoutCommas(lines: readonly string[]): readonly string[] {
  const bare = (line: string): string => line.slice(1).replaceAll(',', '');
  return lines.filter(line => !lines.some(other => other[0] !== line[0] && bare(other) === bare(line)));
}
