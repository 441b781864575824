import { writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { render } from 'ink';
import type { ReactElement } from 'react';
import type { Store } from '../app/store.ts';
import { askBackground } from './background-question.ts';
import { App, type TerminalHandle } from './app.tsx';
import { dialogTaker } from './dialog-part.ts';
import { FrameWriter } from './frame-writer.ts';
import { stylesOf } from './styles.tsx';
import { TerminalInput, type TerminalEvent } from './terminal-input.ts';
import { handOver, paste } from './use-keys.ts';
import type { Theme } from './theme.ts';
import { warmUp } from './warm-up.tsx';

const MOUSE_ON = '\u001b[?1000h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1003l\u001b[?1002l\u001b[?1000l';
/** Bracketed paste: the terminal marks pasted text, so that it is not read as keys. */
const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';
/** Turns off all that Ink may have turned on except the alternate screen, because leaving it twice would move the cursor. */
const RESTORE = `${MOUSE_OFF}${PASTE_OFF}\u001b[?2026l\u001b[?25h\u001b[0m`;

/** Ink's limit of frames a second. It is far above the store's rate, so that Ink never delays a frame that belongs to painted rows. */
const MOST_FRAMES = 1_000;

const HOME_AND_CLEAR = '\u001b[H\u001b[2J';

/** The open dashboard. */
export interface Screen {
  readonly setMouse: (isOn: boolean) => void;
  /** Closes the screen, once the terminal has answered what it was asked: the shell would take the answer for typed text. */
  readonly leave: () => Promise<void>;
  /** Releases the terminal while `work` runs, and redraws everything afterwards. */
  readonly lend: (work: () => Promise<void>) => Promise<void>;
  readonly redraw: () => void;
  /** Redraws everything, for a terminal with a garbled screen. Does nothing while the terminal is released. */
  readonly repaint: () => void;
  /** Does what the first dialog would else wait for. Shows nothing. */
  readonly warmUp: () => void;
  /** Restores the terminal. May be called twice. */
  readonly close: () => void;
  /** Resolves when the screen is closed; rejects with an error of a view. */
  readonly closed: Promise<void>;
}

/** The theme of the first frame, and the one that follows if the terminal says that its background is light. Null where it is not asked. */
export interface ThemeChoice {
  readonly theme: Theme;
  readonly onLight: Theme | null;
}

/** Draws the store on the terminal until closed. `isEntered`: a first frame is already shown. */
export function openScreen(
  store: Store,
  { theme: firstTheme, onLight }: ThemeChoice,
  terminal: {
    readonly stdin: ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly isEntered: boolean;
  },
): Screen {
  let theme = firstTheme;
  let handle: TerminalHandle | null = null;
  let isMouseOn = false;
  let isLent = false;
  const stdin = new TerminalInput(terminal.stdin, event => {
    if (event.type === 'background') question?.answer(event.background);
    else take(store, event);
  });
  const onReady = (ready: TerminalHandle): void => {
    handle = ready;
  };
  const dialog = dialogTaker(store.view);
  const app = (): ReactElement => <App store={store} theme={theme} dialog={dialog} onReady={onReady} />;
  const writer = new FrameWriter({
    view: store.view,
    stdout: terminal.stdout,
    isEntered: terminal.isEntered,
    styles: stylesOf(theme),
    flushInk: () => instance.waitUntilRenderFlush(),
  });
  // keys typed before Ink reads may be echoed, so the cursor may not be in the first column
  terminal.stdin.setRawMode(true);
  if (!terminal.isEntered) terminal.stdout.write('\r');
  const instance = render(app(), {
    stdin: stdin as unknown as ReadStream, // Ink uses only the methods that TerminalInput has
    stdout: writer.stream,
    exitOnCtrlC: false,
    maxFps: MOST_FRAMES,
    patchConsole: true,
    incrementalRendering: true,
    alternateScreen: true,
    interactive: true,
  });
  const unsubscribe = store.subscribe(writer.publish);
  writer.publish();
  terminal.stdout.write(PASTE_ON);
  const wear = (other: Theme): void => {
    theme = other;
    instance.rerender(app());
    writer.restyle(stylesOf(theme));
  };
  const question = onLight && askBackground(terminal.stdout, stdin, () => wear(onLight));
  const setMouse = (isOn: boolean): void => {
    isMouseOn = isOn;
    terminal.stdout.write(isOn ? MOUSE_ON : MOUSE_OFF);
  };
  const lend = async (work: () => Promise<void>): Promise<void> => {
    await question?.ended;
    terminal.stdout.write(isMouseOn ? MOUSE_OFF + PASTE_OFF : PASTE_OFF);
    isLent = true;
    writer.stop();
    await handle?.suspendTerminal(async () => {
      await work();
      terminal.stdout.write('\r');
    });
    isLent = false;
    writer.resume();
    terminal.stdout.write(isMouseOn ? MOUSE_ON + PASTE_ON : PASTE_ON);
  };
  let isClosed = false;
  const repaint = (): void => {
    if (isClosed || isLent) return;
    instance.clear(); // makes Ink draw its whole next frame
    terminal.stdout.write(HOME_AND_CLEAR);
    instance.rerender(app());
    writer.repaint();
  };
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    question?.stop();
    unsubscribe();
    writer.stop();
    instance.unmount();
    restore(terminal.stdout);
  };
  return {
    setMouse,
    lend,
    close,
    leave: async () => {
      await question?.ended;
      close();
    },
    repaint,
    warmUp: () => warmUp(theme),
    redraw: () => void lend(async () => undefined),
    closed: instance.waitUntilExit().then(() => undefined),
  };
}

function take(store: Store, event: Exclude<TerminalEvent, { readonly type: 'background' }>): void {
  switch (event.type) {
    case 'paste':
      return paste(store, event.text);
    case 'f1':
      return handOver(store, { name: 'f1', text: '' });
    case 'wheel':
      return store.dispatch({ type: 'moved', by: 'line', direction: event.direction });
    case 'click':
      return store.dispatch({ type: 'row-clicked', row: event.row, column: event.column });
  }
}

/** Writes synchronously, because the process may be about to end. */
function restore(stdout: NodeJS.WriteStream): void {
  try {
    writeSync((stdout as unknown as { readonly fd: number }).fd, RESTORE);
  } catch {
    // the terminal is gone: nothing to restore
  }
}
