import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { TimeLine } from '../../src/core/traffic/time/time-line.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { reportHtml } from '../../src/report/html/page.ts';
import { pageFacts } from '../../src/report/html/page-facts.ts';
import { decision, info } from '../core/sample-events.ts';
import { runs } from '../runs.ts';
import { ANY_CHARACTER } from '../any-character.ts';

const AT = Date.UTC(2026, 10, 19, 8);
const LIMITS = { hosts: 1_000, names: 100, namesPerHost: 20, groups: 100, recentEvents: 10, problems: 50 };

/** The page of these events, after whatever else is done to the traffic. */
function pageOf(events: readonly EgressEvent[], more: (traffic: Traffic) => void = () => {}): string {
  const [traffic, timeLine] = [new Traffic(LIMITS), new TimeLine()];
  for (const event of events) {
    traffic.add(event, AT);
    if (event.verdict !== null) timeLine.add(event.at, event.verdict);
  }
  more(traffic);
  const origins = { sources: ['audit.jsonl'], selection: [], madeAt: AT, version: '0.0.0', partial: [] };
  return reportHtml(pageFacts(traffic, timeLine, origins));
}

const TAG = /<(\/?)([a-zA-Z1-6]+)((?: [\w-]+="[^"<>]*")*)(\/?)>/g;
const VOID = new Set(['meta']);
const ELEMENTS = new Set(
  'html head meta title style body header main section footer h1 h2 p span ul li b figure figcaption details summary div table thead tbody tr th td svg desc defs pattern rect path text'.split(
    ' ',
  ),
);
const ATTRIBUTES =
  /^(?:lang|charset|http-equiv|content|name|class|id|scope|role|aria-labelledby|viewBox|x|y|width|height|fill|fill-opacity|d|patternUnits)$/;

/** Reads the page as strictly as XML: every element known and closed in order, nothing but text between. Returns the text. */
function textOf(page: string): string {
  const body = page.replace('<!doctype html>\n', '').replace(/<style>[\s\S]*?<\/style>/, '');
  const [open, wrong]: [string[], string[]] = [[], []];
  for (const [tag, slash, name = '', attributes = '', selfClosed] of body.matchAll(TAG)) {
    const names = [...attributes.matchAll(/ ([\w-]+)="[^"]*"/g)].map(([, attribute = '']) => attribute);
    if (!ELEMENTS.has(name) || !names.every(attribute => ATTRIBUTES.test(attribute))) wrong.push(tag);
    if (slash === '/' && open.pop() !== name) wrong.push(tag);
    if (slash !== '/' && selfClosed !== '/' && !VOID.has(name)) open.push(name);
  }
  expect({ wrong, open }).toEqual({ wrong: [], open: [] });
  const text = body.replace(TAG, '\u0001');
  expect(text).not.toMatch(/[<>]/);
  return text;
}

/** The cells of the table under a heading, or of a chart's table. */
function rowsUnder(page: string, heading: string): readonly (readonly string[])[] {
  const section = page.slice(page.indexOf(`<h2>${heading}</h2>`));
  const table = section.slice(section.indexOf('<tbody>'), section.indexOf('</tbody>'));
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell),
  );
}

const EVENTS = [
  decision('allow', { at: AT, host: 'a.example', tool: 'fetch', agent: 'x', bytes: 10 }),
  decision('allow', { at: AT + 1_000, host: 'a.example', tool: 'bash', agent: 'x' }),
  decision('deny', {
    at: AT + 60_000,
    host: 'b.example',
    tool: 'fetch',
    agent: 'y',
    reason: 'not allowlisted',
  }),
  decision('deny', { at: AT + 60_000, host: 'b.example', tool: 'fetch', agent: 'y' }),
  decision('error', {
    at: null,
    host: 'b.example',
    tool: 'fetch',
    reason: 'Get "https://b.example/?token=secret": EOF',
  }),
  info({ at: AT, host: 'a.example' }),
];

describe('the page', () => {
  it('the page is well formed, and shows the totals, hosts, tools and agents', () => {
    const page = pageOf(EVENTS);
    const text = textOf(page);
    expect(text).toContain('\u00015\u0001decisions');
    expect(text).toContain('\u00012\u0001deny · 40.0 %');
    expect(text).toContain('From 2026-11-19T08:00:00.000Z to 2026-11-19T08:01:00.000Z.');
    expect(rowsUnder(page, 'Hosts').map(row => row.slice(0, 8))).toEqual([
      ['b.example', '3', '0', '2', '0', '0', '1', '0'],
      ['a.example', '2', '2', '0', '0', '0', '0', '10'],
    ]);
    expect(rowsUnder(page, 'Tools').map(row => row.slice(0, 2))).toEqual([
      ['fetch', '4'],
      ['bash', '1'],
    ]);
    expect(rowsUnder(page, 'Agents').map(row => row.slice(0, 2))).toEqual([
      ['x', '2'],
      ['y', '2'],
      ['-', '1'],
    ]);
  });

  it('the page shows the numbers of each chart beside the chart', () => {
    const page = pageOf(EVENTS);
    expect(rowsUnder(page, 'Over time')).toEqual([
      ['2026-11-19T08:00:00.000Z', '1', '1', '0', '0', '0', '0'],
      ['2026-11-19T08:00:01.000Z', '1', '1', '0', '0', '0', '0'],
      ['2026-11-19T08:01:00.000Z', '2', '0', '2', '0', '0', '0'],
    ]);
    expect(rowsUnder(page, 'Busiest hosts').map(([host]) => host)).toEqual(['b.example', 'a.example']);
    expect(rowsUnder(page, 'Hosts by tool')).toEqual([
      ['b.example', '2 deny, 1 error', '0'],
      ['a.example', '1 allow', '1 allow'],
    ]);
    expect(rowsUnder(page, 'Denials by reason')).toEqual([
      ['(no reason recorded)', '1'],
      ['not allowlisted', '1'],
    ]);
  });

  it('a cell of hosts by tool has the colour, the pattern and the word of its commonest verdict', () => {
    const page = pageOf(EVENTS);
    const figure = /<h2>Hosts by tool<\/h2>.*?<\/svg>/s.exec(page)?.[0] ?? '';
    expect(
      [...figure.matchAll(/fill="url\(#(heat-[\w-]+)\)"\/><text class="mid"[^>]*>([^<]*)</g)].map(
        ([, pattern, word]) => [pattern, word],
      ),
    ).toEqual([
      ['heat-deny', '3 deny+'],
      ['heat-allow', '1 allow'],
      ['heat-allow', '1 allow'],
    ]);
    for (const verdict of ['allow', 'deny']) expect(figure).toContain(`<pattern id="heat-${verdict}"`);
  });

  it('redacts the query strings of URLs that reasons quote', () => {
    expect(pageOf(EVENTS)).not.toContain('secret');
  });

  it('names each chart and describes it, and tells verdicts apart without colour', () => {
    const page = pageOf(EVENTS);
    const charts = [...page.matchAll(/<svg [^>]*aria-labelledby="([\w-]+) ([\w-]+)"/g)];
    expect(charts).toHaveLength(4);
    for (const [, title, desc] of charts) {
      expect(page).toContain(`<title id="${title}">`);
      expect(page).toContain(`<desc id="${desc}">`);
    }
    const drawings = [...page.matchAll(/<pattern id="time-[\w-]+"[^>]*>.*?<\/pattern>/g)].map(([pattern]) =>
      pattern.replace(/(?:id|class)="[^"]*"/g, ''),
    );
    expect([drawings.length, new Set(drawings).size]).toEqual([5, 5]);
  });

  it('needs nothing beside itself, and lets nothing run: only its own style sheet, by hash', () => {
    const page = pageOf(EVENTS);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(style).not.toMatch(/url\(|@import|@font-face/);
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|\shref=|\ssrc=|javascript:/i);
  });

  it('the page of an empty log says that there is nothing', () => {
    const text = textOf(pageOf([]));
    for (const said of [
      '0\u0001decisions',
      'No decision has a time.',
      'No host was decided on.',
      'Nothing was denied.',
    ])
      expect(text).toContain(said);
  });

  it('the page says what is missing', () => {
    const small = { ...LIMITS, hosts: 10 };
    const [traffic, timeLine] = [new Traffic(small), new TimeLine()];
    for (let index = 0; index < 12; index++)
      traffic.add(decision('allow', { at: AT, host: `h${index}.example` }), AT);
    traffic.addDropped(3);
    traffic.addMalformed({
      source: 'a.jsonl',
      line: 7,
      column: null,
      severity: 'error',
      why: 'not JSON: <x>',
      remedy: null,
    });
    timeLine.add(null, 'allow');
    const text = textOf(
      reportHtml(
        pageFacts(traffic, timeLine, {
          sources: [],
          selection: ['--since 1h'],
          madeAt: AT,
          version: '0',
          partial: [],
        }),
      ),
    );
    for (const said of [
      '1 line could not be read and is not counted.',
      '3 events dropped on the way',
      'quiet host',
      '1 decision without a time.',
      'a.jsonl:7',
      'not JSON: &lt;x&gt;',
      '--since 1h',
      'everything discovered',
    ])
      expect(text).toContain(said);
  });
});

describe('hostile names', () => {
  const HOSTILE = [
    '</title></svg><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '&lt;b&gt;',
    '<!--',
    ']]>',
    '\u202egnp.exe',
    '\u001b[31mred\u0007',
    'a\u0000b\nc',
    '\ud800',
    'x'.repeat(5_000),
    '__proto__',
    'constructor',
    '例え.テスト',
  ];

  it.each(HOSTILE.map(name => [name.slice(0, 50), name]))(
    'the hostile name %j stays text wherever it stands',
    (_, name) => {
      const page = pageOf(
        [decision('deny', { at: AT, host: name, tool: name, agent: name, reason: name })],
        traffic =>
          traffic.addProblem({
            source: name,
            line: null,
            column: null,
            severity: 'error',
            why: name,
            remedy: null,
          }),
      );
      textOf(page);
      expect(page).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\ud800-\udfff]/,
      );
      expect(rowsUnder(page, 'Hosts')).toHaveLength(1);
    },
  );

  it('names of any kind leave the page well formed', () => {
    const name = fc.oneof(fc.string({ unit: ANY_CHARACTER }), fc.constantFrom(...HOSTILE));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name), { maxLength: 4 }), events => {
        textOf(
          pageOf(events.map(([host, tool, reason]) => decision('deny', { at: AT, host, tool, reason }))),
        );
      }),
      { numRuns: runs(200) },
    );
  });
});
