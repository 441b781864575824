import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** How a program ended: by itself with a code, or by a signal. */
export type Exit =
  { readonly code: number; readonly signal: null } | { readonly code: null; readonly signal: string };

/** An exit from what waitpid(2) told, where signal 0 or none means that the code counts. */
export function toExit(code: number, signal: number | undefined): Exit {
  return signal ? { code: null, signal: signalName(signal) } : { code, signal: null };
}

/** The exit as the end of a sentence about the program. */
export function describeExit(exit: Exit | undefined): string {
  if (!exit) return 'still runs';
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}

/** Whether a running process has been stopped by a signal (Linux only: proc(5)). */
export function isStopped(pid: number): boolean {
  // "pid (name) state …", where the name may itself hold spaces and brackets.
  const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return status.slice(status.lastIndexOf(')') + 2).startsWith('T');
}

function signalName(signal: number): string {
  const known = Object.entries(constants.signals).find(([, number]) => number === signal);
  return known?.[0] ?? `signal ${signal}`;
}
