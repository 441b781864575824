import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '../terminal/cells.ts';
import { openTerminal, type Program, type Terminal } from '../terminal/terminal.ts';
import { linesOfCells, openWindow } from './svg.ts';

/** One picture of a film, and how long it stands. */
export interface Frame {
  readonly cells: readonly (readonly Cell[])[];
  readonly ms: number;
}

/** A program, and a walk through it that takes the frames. */
export interface Film {
  readonly name: string;
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly program: (home: string) => Program;
  /** Walks; `take` keeps the screen of now for so many milliseconds. */
  readonly run: (terminal: Terminal, take: (ms: number) => void) => Promise<void>;
}

/** Plays a film in a pty, and returns it as one SVG. */
export async function shootFilm({ title, columns, rows, program, run }: Film): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'film-'));
  const played = program(home);
  const terminal = openTerminal({ cwd: home, ...played, env: { HOME: home, ...played.env }, columns, rows });
  const frames: Frame[] = [];
  try {
    await run(terminal, ms => frames.push({ cells: terminal.cells(), ms }));
    return svgOfFilm(frames, title);
  } finally {
    await terminal.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Frames from one to before another, in which a row looks the same. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly svg: string;
}

/**
 * The frames as one SVG that plays again and again, by CSS alone. A row that several frames in a line have alike is drawn once. Where
 * motion is unwanted, and in readers without animation, the last frame stands still.
 */
export function svgOfFilm(frames: readonly Frame[], title: string): string {
  const pictures = frames.map(({ cells }) => linesOfCells(cells));
  const [first] = frames;
  const stretches = (pictures[0] ?? []).flatMap((_, row) =>
    stretchesOf(pictures.map(lines => lines[row] ?? '')),
  );
  const names = new Map([...new Set(stretches.map(spanOf))].map((span, index) => [span, `f${index}`]));
  const rules = stretches.map(stretch => [names.get(spanOf(stretch)) ?? '', stretch] as const);
  const css = new Map(rules.map(([name, stretch]) => [name, ruleOf(name, stretch, frames)]));
  return [
    ...openWindow(first?.cells ?? [], title),
    `<style>${[...css.values()].join('')}@media (prefers-reduced-motion:reduce){g{animation:none!important}}</style>`,
    ...rules.map(([name, { svg }]) => `<g class="${name}">${svg}</g>`),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const spanOf = ({ from, to }: Stretch): string => `${from}-${to}`;

function stretchesOf(row: readonly string[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [frame, svg] of row.entries()) {
    const last = found.at(-1);
    if (last?.svg === svg) found[found.length - 1] = { ...last, to: frame + 1 };
    else found.push({ from: frame, to: frame + 1, svg });
  }
  return found.filter(({ svg }) => svg !== '');
}

/** When a group is seen: hidden before its first frame and after its last one. */
function ruleOf(name: string, { from, to }: Stretch, frames: readonly Frame[]): string {
  const until = (frame: number): number => frames.slice(0, frame).reduce((sum, { ms }) => sum + ms, 0);
  const total = until(frames.length);
  const percent = (ms: number): string => `${Number(((100 * ms) / total).toFixed(3))}%`;
  if (from === 0 && to === frames.length) return '';
  const steps = [
    ...(from === 0 ? [] : ['0%{visibility:hidden}']),
    `${percent(until(from))}{visibility:visible}`,
    ...(to === frames.length ? [] : [`${percent(until(to))}{visibility:hidden}`]),
  ];
  const rest = to === frames.length ? 'visible' : 'hidden';
  return `.${name}{visibility:${rest};animation:${name} ${total}ms step-end infinite}@keyframes ${name}{${steps.join('')}}`;
}
