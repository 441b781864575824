import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process, as records name it. */
export interface NamedProcess {
  readonly pid: number;
  /** Its program, and the script that an interpreter runs; never its other arguments, which may hold secrets. */
  readonly process: string;
}

/** A connection of this machine, seen from the client. */
export interface LocalConnection {
  readonly clientPort: number;
  readonly serverPort: number;
}

/** A row of `/proc/net/tcp` or `tcp6` (proc_pid_net(5)). */
export interface SocketRow {
  readonly localPort: number;
  readonly remotePort: number;
  /** As the table spells it: hexadecimal, in the byte order of the machine. */
  readonly remoteAddress: string;
  readonly inode: string;
  /** `01` is a connection that stands, `02` one that is being made. */
  readonly state: string;
}

/** Reads the rows of a table of sockets. */
export function readSocketTable(table: string): readonly SocketRow[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      const [localPort, remotePort] = [portOf(local), portOf(remote)];
      if (inode === '' || Number.isNaN(localPort) || Number.isNaN(remotePort)) return [];
      return [{ localPort, remotePort, remoteAddress: remote.split(':')[0] ?? '', inode, state }];
    });
}

const portOf = (place: string): number => Number.parseInt(place.split(':')[1] ?? '', 16);

/** The inode of a connection's client, by the tables; null where it is gone. */
export function inodeOf(tables: readonly string[], connection: LocalConnection): string | null {
  return rowsOf(tables, connection).find(({ inode }) => inode !== NO_PROCESS)?.inode ?? null;
}

/**
 * Whether no process holds the client's end any more: it was closed, and not only one direction of it. Both look the same to the other
 * end. A connection that no table has is not said to be closed.
 */
export function isAbandoned(tables: readonly string[], connection: LocalConnection): boolean {
  const rows = rowsOf(tables, connection);
  return rows.length > 0 && rows.every(({ inode }) => inode === NO_PROCESS);
}

/** The inode of a socket that no process holds: one that was closed, or is not accepted yet. */
const NO_PROCESS = '0';

/** The rows of the client's end. */
function rowsOf(
  tables: readonly string[],
  { clientPort, serverPort }: LocalConnection,
): readonly SocketRow[] {
  const ports = `:${hex(clientPort)} `;
  return tables
    .filter(table => table.includes(ports)) // much cheaper than reading every row
    .flatMap(readSocketTable)
    .filter(({ localPort, remotePort }) => localPort === clientPort && remotePort === serverPort);
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** The sockets that a process has open, by inode; none where it is gone or another user's. */
export function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap(name => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkAt(`${folder}/${name}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return []; // not ours to look into, or gone
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

/** The processes of this machine, the newest first: they are the likeliest clients. */
export const allPids = (): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0)
    .sort((one, other) => other - one);

/** Names a process; null where it is gone. */
export function nameProcess(pid: number): NamedProcess | null {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, process: spellCommand(words) };
  } catch {
    return null; // gone
  }
}

const LONGEST = 64;
const INTERPRETER = /^(?:node|nodejs|bun|deno|python[\d.]*|ruby|perl|sh|bash|dash|zsh|java)$/;

/** A command line as records have it: `curl`, `node npm`, `python3 -m pip`. */
export function spellCommand([first = '', ...rest]: readonly string[]): string {
  const program = basename(first.split(' ')[0] ?? '');
  return `${program}${INTERPRETER.test(program) ? scriptIn(rest) : ''}`.slice(0, LONGEST);
}

/** The script of an interpreter, where the first argument that is no flag names one. A text after `-c` or `-e` is not told. */
function scriptIn(args: readonly string[]): string {
  const at = args.findIndex(arg => !arg.startsWith('-') || ['-m', '-c', '-e', '-p', '-jar'].includes(arg));
  const [found = '', next = ''] = args.slice(at === -1 ? args.length : at);
  if (found === '-m') return ` -m ${basename(next)}`;
  if (found === '-jar') return ` ${basename(next)}`;
  return found === '' || found.startsWith('-') ? '' : ` ${basename(found)}`;
}
