import type * as Wasi from 'node:wasi';

/** As much of it as is used here: Node's types leave it to the browser's. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** How often an idle pipe is looked at. */
const LOOK_MS = 300;
/** The longest time of a look at a full pipe. Zero would never ask the pipe, because the timer comes first. */
const LOOK_LASTS_NS = 1_000_000n;

/**
 * Calls `gone` once when the reader of a pipe or socket has closed it, even while nothing is written. POSIX `poll` reports POLLERR or
 * POLLHUP then. Node has `poll` for other files only in its WASI (`poll_oneoff` of WASI preview 1). Files and terminals are never reported.
 * The watch does not keep the program alive. Returns its stop.
 */
export function watchReader(fd: number, gone: () => void): () => void {
  let look: (() => PipeState) | null = null;
  const timer = setInterval(() => {
    if (look === null) {
      look = () => 'open'; // until it is loaded
      void openPoll(fd).then(
        poll => (look = poll),
        () => clearInterval(timer), // this Node has no WASI: the next write tells
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

/** `unknown`: the system cannot tell, as for a file. */
type PipeState = 'open' | 'gone' | 'unknown';

/** Where the two subscriptions, the two events and their count stand in the memory that WASI reads and writes. */
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

/** WASI's own number of standard output, whatever the number of the system is. */
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

/** Node warns that WASI is experimental; the warning would go to the user's terminal. */
async function importQuietly(): Promise<typeof Wasi> {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return await import('node:wasi');
  } finally {
    if (own) Object.defineProperty(process, 'emitWarning', own);
  }
}
