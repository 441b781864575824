import type * as Wasi from 'node:wasi';

/** The part of WebAssembly that is used here. Node's types lack it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** The interval between two checks of an idle pipe, in ms. */
const LOOK_MS = 300;
/** The longest time of one check of a full pipe. With zero the timer would end it before the pipe is checked. */
const LOOK_LASTS_NS = 1_000_000n;

/**
 * Calls `gone` once when the reader of a pipe or socket has closed it, even while nothing is written. POSIX `poll` then reports POLLERR or
 * POLLHUP. Node offers `poll` for other files only in its WASI (`poll_oneoff` of WASI preview 1). Files and terminals are never reported.
 * The watch does not keep the program alive. Returns a function that stops it.
 */
export function watchReader(fd: number, gone: () => void): () => void {
  let look: (() => PipeState) | null = null;
  const timer = setInterval(() => {
    if (look === null) {
      look = () => 'open'; // until WASI is loaded
      void openPoll(fd).then(
        poll => (look = poll),
        () => clearInterval(timer), // this Node has no WASI: the next write shows it
      );
      return;
    }
    const state = look();
    if (state !== 'open') clearInterval(timer);
    if (state === 'gone') gone();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** `unknown`: the system cannot tell, for example for a file. */
type PipeState = 'open' | 'gone' | 'unknown';

/** The places of the two subscriptions, the two events and their count in WASI's memory. */
const [SUBSCRIPTIONS, EVENTS, COUNT] = [0, 128, 256];
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const [CLOCK, FD_WRITE] = [0, 2];
const MONOTONIC = 1;
/** Bit 0 of an event's flags: the other end is closed. */
const HANGUP = 1;

async function openPoll(fd: number): Promise<() => PipeState> {
  const { WASI } = await importQuietly();
  const memory = new WebAssembly.Memory({ initial: 1 });
  const wasi = new WASI({ version: 'preview1', stdout: fd });
  wasi.initialize({ exports: { memory } });
  const imports = wasi.wasiImport as { readonly poll_oneoff: (...places: number[]) => number };
  return () => {
    const view = new DataView(memory.buffer);
    writeSubscriptions(view);
    const failed = imports.poll_oneoff(SUBSCRIPTIONS, EVENTS, 2, COUNT) !== 0;
    return failed ? 'unknown' : stateIn(view);
  };
}

/** WASI's number of standard output, independent of the system's number. */
const WASI_STDOUT = 1;

function writeSubscriptions(view: DataView): void {
  view.setUint8(SUBSCRIPTIONS + 8, FD_WRITE);
  view.setUint32(SUBSCRIPTIONS + 16, WASI_STDOUT, true);
  const clock = SUBSCRIPTIONS + SUBSCRIPTION_BYTES;
  view.setUint8(clock + 8, CLOCK);
  view.setUint32(clock + 16, MONOTONIC, true);
  view.setBigUint64(clock + 24, LOOK_LASTS_NS, true);
}

function stateIn(view: DataView): PipeState {
  for (let index = 0; index < view.getUint32(COUNT, true); index += 1) {
    const event = EVENTS + index * EVENT_BYTES;
    const isOfPipe = view.getUint8(event + 10) === FD_WRITE;
    const isClosed =
      view.getUint16(event + 8, true) !== 0 || (view.getUint16(event + 24, true) & HANGUP) !== 0;
    if (isOfPipe && isClosed) return 'gone';
  }
  return 'open';
}

/** Imports WASI without Node's warning that it is experimental, which would appear on the user's terminal. */
async function importQuietly(): Promise<typeof Wasi> {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return await import('node:wasi');
  } finally {
    if (own) Object.defineProperty(process, 'emitWarning', own);
  }
}
