import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { placesOf } from '../places.ts';
import { quoteForSh } from './shell-syntax.ts';

/** The shell command that makes a shell's programs use the mediator behind this socket. */
export function envLine(socket: string): string {
  const isUsual = socket === ownFiles(placesOf(undefined), process.getuid?.()).socket;
  return `eval "$(egresstop env${isUsual ? '' : ` --socket ${quoteForSh(socket)}`})"`;
}
