import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import { describeFault } from '../../core/problem.ts';
import { text } from '../../core/record.ts';
import { readFaults } from '../../systems/egresstop/log/read-faults.ts';
import { toJson } from '../../report/inert-json.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { visible } from '../../core/visible.ts';
import { Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { askMediator } from './ask-mediator.ts';
import { noMediator } from './no-mediator.ts';
import { statusJson, statusText } from './status-text.ts';

/** The flags of `mediator status`, `stop` and `reload`. */
export interface ControlFlags {
  readonly json?: boolean;
  readonly socket?: string;
}

const socketOf = ({ socket }: ControlFlags): string =>
  resolve(socket ?? ownFiles(placesOf(undefined), process.getuid?.()).socket);

/** Prints the state that the mediator reports. Throws a Failure if none is up. */
export async function mediatorStatus(flags: ControlFlags): Promise<number> {
  const socket = socketOf(flags);
  const hello = await greeting(socket);
  await new Output().text(flags.json ? `${toJson(statusJson(hello, socket))}\n` : statusText(hello));
  return 0;
}

/** Ends the mediator and waits for its end. */
export async function stopMediator(flags: ControlFlags): Promise<number> {
  const socket = socketOf(flags);
  const { listen, pid, holders } = await greeting(socket);
  await askMediator(socket, { request: 'stop', answer: 'stopping' });
  await ended(socket, pid);
  const cut = holders === 0 ? '' : `; ${holders} program(s) behind it reach nothing now`;
  await new Output().text(
    flags.json
      ? `${toJson({ stopped: true, listen, pid, holders })}\n`
      : `stopped the mediator on ${listen}${cut}\n`,
  );
  return 0;
}

/** Makes the mediator reread its policy. Exit 1, with the problems, if the policy is invalid: the old one stays in force. */
export async function reloadMediator(flags: ControlFlags): Promise<number> {
  const socket = socketOf(flags);
  const { listen } = await greeting(socket);
  const answer = await askMediator(socket, { request: 'reload', answer: 'policy' });
  if (!answer) throw new Failure(`the mediator on ${listen} did not answer`);
  const isApplied = answer['status'] === 'applied';
  const words = isApplied
    ? [`applied ${text(answer, 'revision') ?? ''}`.trim()]
    : ['rejected: the old policy stays in force', ...readFaults(answer['problems']).map(describeFault)];
  await new Output().text(
    flags.json ? `${toJson(answer)}\n` : words.map(line => `${visible(line)}\n`).join(''),
  );
  return isApplied ? 0 : 1;
}

async function greeting(socket: string): Promise<MediatorHello> {
  const hello = await readHello(socket);
  if (!hello) throw noMediator(socket);
  return hello;
}

/** The longest time that a mediator may take to end, and the interval of checks, in ms. */
const END_WITHIN_MS = 15_000;
const LOOK_MS = 20;

async function ended(socket: string, pid: number | null): Promise<void> {
  const deadline = Date.now() + END_WITHIN_MS;
  while (Date.now() < deadline) {
    if (!isAlive(pid) && (await readHello(socket)) === null) return;
    await pause(LOOK_MS);
  }
  throw new Failure(
    `the mediator has not ended after ${END_WITHIN_MS / 1000} s (process ${pid ?? 'unknown'})`,
  );
}

function isAlive(pid: number | null): boolean {
  if (pid === null || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}
