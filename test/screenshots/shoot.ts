import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal, type Program, type Terminal } from '../terminal/terminal.ts';
import { svgOfCells } from './svg.ts';

/** A picture to take: a program, and what to do with it until it shows what the picture is of. */
export interface Scene {
  /** The file name without its ending. */
  readonly name: string;
  /** The text in the window's title bar. */
  readonly title?: string;
  readonly columns: number;
  readonly rows: number;
  /** The program to start, given an empty directory of its own that is also its home. */
  readonly program: (home: string) => Program;
  /** Resolves when the screen is the picture. */
  readonly run: (terminal: Terminal) => Promise<void>;
}

/** Plays a scene and returns the screen it ends on as SVG. */
export async function shoot(scene: Scene): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'screenshot-'));
  const { columns, rows, title = '' } = scene;
  const program = scene.program(home);
  const terminal = openTerminal({
    cwd: home,
    ...program,
    env: { HOME: home, ...program.env },
    columns,
    rows,
  });
  try {
    await scene.run(terminal);
    return svgOfCells(terminal.cells(), { title });
  } finally {
    await terminal.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 }); // the killed program's mediator may still be leaving
  }
}
