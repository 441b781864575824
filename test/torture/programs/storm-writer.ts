/*
 * Writes numbered lines to the log named on the command line as fast as it can, in pieces that do not end where lines end, and changes
 * files under the reader's feet. Before each copy-truncation it asks (a message with the number of lines so far) and waits for an answer,
 * for lines written between a copy and its truncation are lost to everybody; and so after lines that came late to a renamed log, which
 * the reader has to find though nothing else happens.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { once } from 'node:events';

const [log = '', total = '0'] = process.argv.slice(2);
const count = Number(total);
let fd = openSync(log, 'a');
let written = 0;

/** Lines up to number `end`, cut into pieces of odd sizes. */
function write(end: number, target = fd): void {
  let text = '';
  for (; written < end; written++)
    text += `{"n":${written},"event":"egress_deny","x":"${process.hrtime.bigint()}","host":"é${written % 97}.example"}\n`;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7919) writeSync(target, bytes.subarray(at, at + 7919));
}

/** The oldest of a hundred goes; so many rotations never come between two quiet moments. */
function shift(): void {
  for (let n = 98; n >= 1; n--) if (existsSync(`${log}.${n}`)) renameSync(`${log}.${n}`, `${log}.${n + 1}`);
}

/** Rename, and go on in the old file for a while, as a writer does that has not noticed. */
function rotate(lateLines: number): void {
  shift();
  renameSync(log, `${log}.1`);
  const late = fd;
  fd = openSync(log, 'a');
  write(written + 50);
  write(written + lateLines, late);
  closeSync(late);
}

/** Rename, and write to the old file once more when the reader is long at home in the new one: nothing else then tells it to look. */
async function rotateAndComeBack(): Promise<void> {
  shift();
  renameSync(log, `${log}.1`);
  const late = fd;
  fd = openSync(log, 'a');
  write(written + 50);
  await quietly();
  write(written + 100, late);
  await quietly();
  closeSync(late);
}

function rotateQuickly(times: number): void {
  for (let i = 0; i < times; i++) {
    rotate(0);
    write(written + 10);
  }
}

async function quietly(): Promise<void> {
  process.send?.(written);
  await once(process, 'message');
}

async function copyAndTruncate(): Promise<void> {
  await quietly();
  write(written + 20); // the reader may see these in the log, or only in the copy
  shift();
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
}

async function recreate(): Promise<void> {
  await quietly();
  closeSync(fd);
  unlinkSync(log);
  fd = openSync(log, 'a');
}

const steps: readonly (() => Promise<void> | void)[] = [
  () => rotate(100),
  rotateAndComeBack,
  copyAndTruncate,
  () => rotateQuickly(4),
  recreate,
  () => rotate(0),
  () => rotateQuickly(9),
];
for (let i = 0; written < count; i++) {
  write(Math.min(count, written + ((i * 7919) % 3000)));
  if (written + 1000 < count) await steps[i % steps.length]?.();
}
process.disconnect();
