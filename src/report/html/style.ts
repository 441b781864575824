import type { Verdict } from '../../core/event.ts';
import { VERDICTS } from '../../core/event.ts';
import { type Markup, markup } from './markup.ts';

/** The colours of verdicts in light and dark mode. Each verdict also has a pattern, so that colours are not needed to tell them apart. */
const COLOURS: Readonly<Record<Verdict, readonly [light: string, dark: string]>> = {
  allow: ['#2f7d4f', '#58b07c'],
  deny: ['#b3261e', '#f0776c'],
  'would-deny': ['#9a5b00', '#e0a040'],
  pending: ['#5b5fc7', '#9ea2ff'],
  error: ['#6b6b6b', '#a8a8a8'],
};

const colours = (index: 0 | 1): string =>
  VERDICTS.map(verdict => `--${verdict}:${COLOURS[verdict][index]};`).join('');

const LIGHT = `--paper:#fff;--ink:#1b1b1f;--dim:#5a5a66;--rule:#d8d8e0;--card:#f6f6fa;${colours(0)}`;
const DARK = `--paper:#16161a;--ink:#ececf1;--dim:#a6a6b3;--rule:#3a3a45;--card:#1f1f26;${colours(1)}`;

/** The page's only style sheet. It refers to no external file, font or address. */
export const STYLE = [
  `:root{color-scheme:light dark;${LIGHT}}`,
  `@media (prefers-color-scheme:dark){:root{${DARK}}}`,
  `@media print{:root{color-scheme:light;${LIGHT}}body{font-size:10pt}section,figure,tr{break-inside:avoid}details:not([open])>summary{display:none}}`,
  'body{margin:0 auto;padding:1.5rem;max-width:62rem;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,sans-serif;print-color-adjust:exact}',
  'h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{margin:.3rem 0}',
  '.dim{color:var(--dim)}.name{font-family:ui-monospace,monospace;overflow-wrap:anywhere}',
  '.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0;padding:0;list-style:none}',
  '.tiles li{background:var(--card);border:1px solid var(--rule);border-radius:.4rem;padding:.5rem .9rem;min-width:6rem}',
  '.tiles b{display:block;font-size:1.4rem}',
  'figure{margin:.5rem 0 1rem}figcaption{color:var(--dim)}svg{display:block;width:100%;height:auto}',
  'table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.87rem}',
  'th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}',
  'thead th{border-bottom:2px solid var(--rule)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}',
  'tbody th{font-weight:400}summary{cursor:pointer;color:var(--dim)}.wide{overflow-x:auto}',
  '.missing{border-left:4px solid var(--would-deny);padding-left:.8rem}',
  'text{fill:var(--ink);font:12px system-ui,sans-serif}text.dim{fill:var(--dim)}text.end{text-anchor:end}text.mid{text-anchor:middle}',
  '.axis{stroke:var(--rule)}.none{fill:var(--card);stroke:var(--rule)}.bar{fill:var(--deny)}',
  ...VERDICTS.flatMap(verdict => [
    `.${verdict}{fill:var(--${verdict})}`,
    `.line-${verdict}{stroke:var(--paper);stroke-width:1.5;fill:none}`,
  ]),
].join('\n');

/** The pattern over a verdict's colour, for black-and-white prints and colour-blind readers. */
const HATCH: Readonly<Record<Verdict, string | null>> = {
  allow: null,
  deny: 'M0 8L8 0M-2 2L2 -2M6 10L10 6',
  'would-deny': 'M0 0L8 8M0 8L8 0',
  pending: 'M0 4H8',
  error: 'M4 0V8',
};

/** The SVG patterns of a chart. `id` keeps the patterns of several charts apart. */
export const patterns = (id: string): Markup =>
  markup`<defs>${VERDICTS.map(
    verdict =>
      markup`<pattern id="${id}-${verdict}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="${verdict}"/>${
        HATCH[verdict] === null ? null : markup`<path d="${HATCH[verdict]}" class="line-${verdict}"/>`
      }</pattern>`,
  )}</defs>`;

/** The legend of the patterns. `y` is the text's base line. */
export const legend = (id: string, y: number): Markup =>
  markup`${VERDICTS.map(
    (verdict, index) =>
      markup`<rect x="${index * 110}" y="${y - 10}" width="12" height="12" fill="url(#${id}-${verdict})"/><text x="${index * 110 + 18}" y="${y}">${verdict}</text>`,
  )}`;
