import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * `node --import kill-at.ts …` with KILL_AT=N and KILL_IN=PREFIX: the process kills itself where it would call the file system for the Nth
 * time, so that a test can put the kill between any two of its calls. Paths that do not begin so do not count: modules are loaded, too.
 */
let left = Number(process.env['KILL_AT']);
const prefix = process.env['KILL_IN'] ?? '';
/** Of files that count. */
const descriptors = new Set<unknown>();

/** Puts the countdown before every function of an object that reaches the file system. */
function countDown(functions: object, isOpen: boolean): void {
  for (const name of Object.getOwnPropertyNames(functions)) {
    const found = Object.getOwnPropertyDescriptor(functions, name);
    const act: unknown = found?.value;
    if (typeof act !== 'function' || /^[A-Z_]|^constructor$/.test(name)) continue;
    const counted = function (this: unknown, ...args: readonly unknown[]): unknown {
      const isMeant = isOpen || descriptors.has(args[0]) || String(args[0]).startsWith(prefix);
      if (isMeant) left -= 1;
      if (isMeant && left === 0) process.kill(process.pid, 'SIGKILL');
      const result: unknown = Reflect.apply(act, this, args);
      if (isMeant && name === 'openSync') descriptors.add(result);
      return result;
    };
    Object.defineProperty(functions, name, { ...found, value: counted });
  }
}

const handle = await fs.promises.open('/dev/null');
const handles: object = Object.getPrototypeOf(handle) as object;
await handle.close();
countDown(handles, true);
countDown(fs.promises, false);
countDown(fs, false);
syncBuiltinESMExports();
