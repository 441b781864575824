import { readFileSync } from 'node:fs';

/** As much of it as is used here: Node's types leave it to the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** A number of the kernel, read whenever it is asked for. */
export interface Shared {
  readonly value: number;
}

/** The exports of src/reading/by-bytes/scan/kernel/scan-lines.ts; pointers count bytes from the start of its memory. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly CAPACITY: Shared;
  readonly LOG: Shared;
  readonly groupCount: Shared;
  readonly SHEETS: Shared;
  readonly SECONDS: Shared;
  readonly DECODED_EVENT: Shared;
  readonly MAX_SECONDS: Shared;
  readonly secondCount: Shared;
  readonly next: Shared;
  readonly fork: Shared;
  readonly forkAt: Shared;
  readonly lines: Shared;
  readonly unknownKey: Shared;
  readonly unknownKeyBytes: Shared;
  readonly passedRecords: Shared;
  readonly passedDecisions: Shared;
  readonly passedUntimed: Shared;
  readonly rootJunction: () => number;
  readonly setWindow: (since: number, until: number) => void;
  readonly forgetPassed: () => void;
  readonly packBlock: (first: number, count: number) => number;
  readonly limitGroups: (max: number) => void;
  readonly chartUntil: (ms: number) => void;
  readonly addBound: (ms: number) => void;
  readonly scan: (from: number, end: number) => number;
  readonly partNumber: (part: number) => number;
  readonly partFlags: (part: number) => number;
  readonly setPartFlags: (part: number, flags: number) => void;
  readonly lastLayout: () => number;
  readonly lastTime: () => number;
  readonly lastMeasure: (which: number) => number;
  readonly addDecoded: () => number;
  readonly beginOlderBlock: () => void;
  readonly forgetGroups: () => void;
  readonly forgetSeconds: () => void;
  readonly forgetParts: () => void;
  readonly isFullOfValues: () => number;
  readonly learnKey: (junction: number, at: number, length: number) => number;
  readonly learnEnd: (junction: number, at: number, length: number, words: number) => void;
  readonly stopLearning: () => void;
  readonly tellPlace: (place: number) => void;
  readonly lowerKeys: () => number;
  readonly upperKeys: () => number;
  readonly tellSet: (words: number) => void;
  readonly allocate: (bytes: number) => number;
  readonly seedNames: (seed: bigint) => void;
}

/** `npm run build` compiles it; seen from src as from dist. */
const COMPILED = new URL('../../../../dist/kernel.wasm', import.meta.url);

let compiled: object | null = null;

/** A kernel of its own memory. */
export function newKernel(): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(COMPILED));
  const { exports } = new WebAssembly.Instance(compiled);
  const kernel = exports as Kernel; // as its source says
  kernel.seedNames(BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)));
  return kernel;
}
