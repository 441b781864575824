import { readFileSync } from 'node:fs';
import {
  allPids,
  nameProcess,
  readSocketTable,
  socketsOf,
  type SocketRow,
} from '../../mediator/process/socket-owner.ts';
import { readTableAddress } from './read-address.ts';

/** A connection that bypassed the mediator. */
export interface Bypass {
  readonly host: string;
  readonly port: number;
  readonly proto: 'tcp' | 'udp';
  readonly pid: number;
  readonly process: string;
}

/** A socket, and the table (protocol) that lists it. */
interface TableRow extends SocketRow {
  readonly proto: Bypass['proto'];
}

/** The machine's sockets and processes at one moment. */
export interface SocketSample {
  readonly rows: readonly TableRow[];
  /** The processes of the program, with their sockets by inode. */
  readonly sockets: ReadonlyMap<number, readonly string[]>;
}

const TABLES = [
  ['tcp', '/proc/net/tcp'],
  ['tcp', '/proc/net/tcp6'],
  ['udp', '/proc/net/udp'],
  ['udp', '/proc/net/udp6'],
] as const;

/** The most connections that are remembered, so that each is reported once. */
const MOST_TOLD = 10_000;

/** Samples the connections of a program and its children. Reports each one that bypasses the mediator once. */
export class BypassSampler {
  readonly #root: number;
  readonly #mediatorPort: number;
  readonly #told = new Set<string>();
  /** Process ids, including children whose parent has ended. */
  readonly #tree = new Set<number>();

  constructor(root: number, mediatorPort: number) {
    this.#root = root;
    this.#mediatorPort = mediatorPort;
  }

  /** The bypassing connections that were not reported before. A connection that begins and ends between two samples is missed. */
  look(): readonly Bypass[] {
    return bypassesIn(this.#sample(), this.#mediatorPort).flatMap(found => {
      const { inode, pid, ...rest } = found;
      const id = `${inode} ${rest.host} ${rest.port}`;
      const named = this.#told.has(id) || this.#told.size >= MOST_TOLD ? null : nameProcess(pid);
      if (!named) return [];
      this.#told.add(id);
      return [{ ...rest, ...named }];
    });
  }

  #sample(): SocketSample {
    const parents = new Map(allPids().map(pid => [pid, parentOf(pid)]));
    for (const pid of this.#tree) if (!parents.has(pid)) this.#tree.delete(pid);
    if (parents.has(this.#root)) this.#tree.add(this.#root);
    for (let before = -1; before !== this.#tree.size;) {
      before = this.#tree.size;
      for (const [pid, parent] of parents) if (this.#tree.has(parent)) this.#tree.add(pid);
    }
    const sockets = new Map([...this.#tree].map(pid => [pid, socketsOf(pid)]));
    const rows = TABLES.flatMap(([proto, path]) =>
      readSocketTable(readText(path)).map(row => ({ ...row, proto })),
    );
    return { rows, sockets };
  }
}

/** A bypassing connection with its socket and process. */
interface FoundBypass extends Omit<Bypass, 'process'> {
  readonly inode: string;
}

/** The connections of a sample that lead neither to the mediator nor to the program itself. DNS queries over UDP count too. */
export function bypassesIn({ rows, sockets }: SocketSample, mediatorPort: number): readonly FoundBypass[] {
  const owners = new Map([...sockets].flatMap(([pid, inodes]) => inodes.map(inode => [inode, pid] as const)));
  const own = rows.filter(({ inode }) => owners.has(inode));
  const ownEnds = new Set(own.map(({ localPort, remotePort }) => `${localPort} ${remotePort}`));
  return own.flatMap(row => {
    const { inode, proto, remotePort, localPort, remoteAddress } = row;
    const host = readTableAddress(remoteAddress);
    const isLocal = host.startsWith('127.') || host === '::1';
    const isInward = isLocal && ownEnds.has(`${remotePort} ${localPort}`);
    const isAnswer = proto === 'tcp' && own.some(each => isListener(each, localPort));
    const isMediated = isLocal && remotePort === mediatorPort;
    const pid = owners.get(inode);
    if (remotePort === 0 || isInward || isAnswer || isMediated || pid === undefined) return [];
    return [{ host, port: remotePort, proto, pid, inode }];
  });
}

/** `include/net/tcp_states.h`. */
const LISTENS = '0A';
const isListener = ({ state, localPort }: TableRow, port: number): boolean =>
  state === LISTENS && localPort === port;

/** The parent of a process (proc_pid_stat(5)), whose name may contain blanks and brackets. 0 for an ended process. */
function parentOf(pid: number): number {
  return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readText(`/proc/${pid}/stat`))?.[1] ?? 0);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended, or the kernel has no IPv6
  }
}
