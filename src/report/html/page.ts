import { createHash } from 'node:crypto';
import { describePartialLog } from '../../core/completeness.ts';
import { VERDICTS } from '../../core/event.ts';
import { toIso } from '../../core/time.ts';
import { placeOf } from '../../core/problem.ts';
import { redactUrlsIn } from '../../core/url.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { hostsFigure, reasonsFigure } from './bars.ts';
import type { PageFacts } from './page-facts.ts';
import { table } from './figure.ts';
import { heatMapFigure } from './heat-map.ts';
import { STYLE } from './style.ts';
import { TIME_COLUMNS, timeLineFigure } from './time-line-figure.ts';
import { Markup, markup } from './markup.ts';
import { evictedText, type Report } from '../report.ts';
import { reportTables } from '../rows.ts';

/** The most names that a table lists. The page gives the number of further ones. */
const ROWS_LISTED = 2_000;
const PROBLEMS_LISTED = 100;

/**
 * The Content-Security-Policy of a page with `STYLE`. It forbids all loading and all scripts, and allows only the style sheet with this
 * hash (CSP level 3).
 */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one HTML page for sending to others, without scripts and external files. It can be printed and read by a screen reader.
 * Every text from a log is made visible and escaped.
 */
export function reportHtml(facts: PageFacts): string {
  const { report, timeLine } = facts;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(PAGE_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Egress report: ${plural(report.events, 'decision')}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${heading(facts)}
<main>
${tiles(report)}
${missing(facts)}
<section><h2>Over time</h2>${timeLineFigure(timeLine.chart(TIME_COLUMNS), timeLine.timeless)}</section>
<section><h2>Busiest hosts</h2>${hostsFigure(hostRows(report))}</section>
<section><h2>Hosts by tool</h2>${heatMapFigure(report)}</section>
<section><h2>Denials by reason</h2>${reasonsFigure(facts.denials)}</section>
${lists(report)}
${problems(report)}
</main>
<footer class="dim"><p>Made by egresstop ${facts.version} on ${toIso(facts.madeAt)}. A - stands for what a record does not name. Query strings are redacted; characters that could not be seen are spelled out.</p></footer>
</body>
</html>
`;
  return page.text;
}

function heading({ report, sources, selection }: PageFacts): Markup {
  const span =
    report.from === null ? 'No decision has a time.' : `From ${report.from} to ${report.to ?? report.from}.`;
  return markup`<header><h1>Egress report</h1>
<p>${span}</p>
<p class="dim">Read from <span class="name">${sources.length > 0 ? sources.join(', ') : 'everything discovered'}</span>${selection.length > 0 ? markup`, only <span class="name">${selection.join(' ')}</span>` : null}.</p></header>`;
}

/** The totals, as in the JSON report. */
function tiles({ events, info, verdicts }: Report): Markup {
  const share = (count: number): string =>
    events === 0 ? '' : ` · ${((100 * count) / events).toFixed(count === events ? 0 : 1)} %`;
  const decided = VERDICTS.map(
    verdict => markup`<li><b>${grouped(verdicts[verdict])}</b>${verdict}${share(verdicts[verdict])}</li>`,
  );
  return markup`<ul class="tiles"><li><b>${grouped(events)}</b>${events === 1 ? 'decision' : 'decisions'}</li>${decided}<li><b>${grouped(info)}</b>${info === 1 ? 'info record' : 'info records'}</li></ul>`;
}

/** The facts that the page lacks, which come before all numbers. */
function missing({ report, timeLine }: PageFacts): Markup {
  const { malformed, unrecognised, dropped, evicted } = report;
  const sourcesFailed = report.problems.filter(({ line }) => line === null).length;
  const said = [
    ...(report.partial ?? []).map(log => `${log.log} holds ${describePartialLog(log)}.`),
    ...(unrecognised > 0
      ? [
          `${plural(unrecognised, 'record')} of no known system ${unrecognised === 1 ? 'is' : 'are'} no decision.`,
        ]
      : []),
    ...(malformed > 0
      ? [`${plural(malformed, 'line')} could not be read and ${malformed === 1 ? 'is' : 'are'} not counted.`]
      : []),
    ...(dropped > 0 ? [`${plural(dropped, 'event')} dropped on the way: a source says so.`] : []),
    ...(sourcesFailed > 0 ? [`${plural(sourcesFailed, 'source')} had a problem: see below.`] : []),
    ...(evicted ? [`${evictedText(evicted)}.`] : []),
    ...(timeLine.timeless > 0 ? [`${plural(timeLine.timeless, 'decision')} without a time.`] : []),
  ];
  if (said.length === 0)
    return markup`<section><p class="dim">Every line was read and counted.</p></section>`;
  return markup`<section class="missing"><h2>What is missing</h2><ul>${said.map(one => markup`<li>${one}</li>`)}</ul></section>`;
}

const hostRows = ({ hosts }: Report) => hosts.map(row => ({ ...row, name: row.host }));

/** The tables of the other formats, limited to a length that browsers lay out at once. */
const lists = (report: Report): readonly Markup[] =>
  reportTables(report).map(
    ({ header, rows }) =>
      markup`<section><h2>${capitalised(header[0] ?? '')}s</h2>${table(header.map(capitalised), rows.slice(0, ROWS_LISTED))}${more(rows.length, ROWS_LISTED)}</section>\n`,
  );

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const more = (count: number, listed: number): Markup | null =>
  count > listed ? markup`<p class="dim">… and ${grouped(count - listed)} more, not listed here.</p>` : null;

function problems({ problems }: Report): Markup | null {
  if (problems.length === 0) return null;
  const rows = problems
    .slice(0, PROBLEMS_LISTED)
    .map(problem => [placeOf(problem), redactUrlsIn(problem.why), problem.remedy ?? '']);
  return markup`<section><h2>Problems</h2>${table(['Where', 'What', 'Remedy'], rows)}${more(problems.length, PROBLEMS_LISTED)}</section>`;
}
