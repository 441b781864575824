import xterm from '@xterm/headless';
import { type Cell, visibleCells } from './cells.ts';
import { currentUnicode } from './unicode-width.ts';

/** The modes a program has switched, as the emulator sees them. */
export interface Modes {
  readonly alternateScreen: boolean;
  readonly cursorVisible: boolean;
  readonly mouse: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  readonly sgrMouse: boolean;
  readonly bracketedPaste: boolean;
  readonly synchronizedOutput: boolean;
}

/** A program's output as a terminal shows it. */
export interface Emulator {
  /** Takes in output; `parsed` is called when the screen shows it. */
  write(output: Buffer | string, parsed: () => void): void;
  /** The visible rows of the active buffer, without trailing blanks. */
  screen(): readonly string[];
  cells(): readonly (readonly Cell[])[];
  modes(): Modes;
  resize(columns: number, rows: number): void;
  /** Calls back with the answers to questions in the output (cursor position, device attributes). */
  onReply(reply: (bytes: string) => void): void;
  dispose(): void;
}

export function openEmulator(columns: number, rows: number): Emulator {
  const emulator = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 1000,
    allowProposedApi: true,
    // It would report each odd byte on the console, and programs under test are fed odd bytes on purpose.
    logLevel: 'off',
  });
  emulator.unicode.register(currentUnicode);
  emulator.unicode.activeVersion = currentUnicode.version;
  const privateModes = trackPrivateModes(emulator);

  return {
    write: (output, parsed) => emulator.write(output, parsed),
    screen: () => {
      const { active } = emulator.buffer;
      return Array.from({ length: emulator.rows }, (_, row) =>
        (active.getLine(active.baseY + row)?.translateToString(true) ?? '').replace(/ +$/u, ''),
      );
    },
    cells: () => visibleCells(emulator.buffer.active, emulator.rows),
    modes: () => ({
      alternateScreen: emulator.buffer.active.type === 'alternate',
      cursorVisible: privateModes.get(25) ?? true,
      mouse: emulator.modes.mouseTrackingMode,
      sgrMouse: privateModes.get(1006) ?? false,
      bracketedPaste: emulator.modes.bracketedPasteMode,
      synchronizedOutput: emulator.modes.synchronizedOutputMode,
    }),
    resize: (columns, rows) => emulator.resize(columns, rows),
    onReply: reply => void emulator.onData(reply),
    dispose: () => emulator.dispose(),
  };
}

/** The last state of every DEC private mode set (`CSI ? n h`) or reset (`CSI ? n l`): xterm has no getter for some. */
function trackPrivateModes(emulator: InstanceType<typeof xterm.Terminal>): ReadonlyMap<number, boolean> {
  const modes = new Map<number, boolean>();
  for (const final of ['h', 'l']) {
    emulator.parser.registerCsiHandler({ prefix: '?', final }, parameters => {
      for (const parameter of parameters.flat()) modes.set(parameter, final === 'h');
      return false; // Only listening: the emulator's own handler comes next.
    });
  }
  return modes;
}
