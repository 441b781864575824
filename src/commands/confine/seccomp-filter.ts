/** The numbers of system calls on one architecture (`linux/audit.h`, and the kernel's tables). */
interface CallTable {
  readonly architecture: number;
  readonly socket: number;
  readonly socketpair: number;
  readonly ioctl: number;
  /** The call that combines all socket calls. A filter cannot read its arguments. Null without it. */
  readonly socketcall: number | null;
  /** The bit that marks a call of another table; null without one. */
  readonly foreignBit: number | null;
}

const X64: CallTable = {
  architecture: 0xc000_003e,
  socket: 41,
  socketpair: 53,
  ioctl: 16,
  socketcall: null,
  foreignBit: 0x4000_0000, // x32
};
const I386: CallTable = {
  architecture: 0x4000_0003,
  socket: 359,
  socketpair: 360,
  ioctl: 54,
  socketcall: 102,
  foreignBit: null,
};
const ARM64: CallTable = {
  architecture: 0xc000_00b7,
  socket: 198,
  socketpair: 199,
  ioctl: 29,
  socketcall: null,
  foreignBit: null,
};
const ARM: CallTable = {
  architecture: 0x4000_0028,
  socket: 281,
  socketpair: 288,
  ioctl: 54,
  socketcall: 102,
  foreignBit: null,
};

/** The tables that programs can use, by Node's name of the processor. */
const TABLES: Readonly<Record<string, readonly CallTable[]>> = { x64: [X64, I386], arm64: [ARM64, ARM] };

/** The same number in every table. */
const IO_URING_SETUP = 425;
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];
const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
const SOCK_TYPE_MASK = 0xf;
const [SOCK_STREAM, SOCK_SEQPACKET] = [1, 5];

/** The actions of `linux/seccomp.h` on a call. */
const ALLOW = 0x7fff_0000;
const [EPERM, ENOSYS] = [1, 38];
const fail = (errno: number): number => 0x0005_0000 | errno;

/** The instructions of `linux/bpf_common.h` that are used. `k` is the constant. */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_ANY_BIT = 0x45;
const MASK = 0x54;
const RETURN = 0x06;
/** The offsets in `struct seccomp_data`, and of the lower half of an argument in little-endian order. */
const [NUMBER, ARCHITECTURE] = [0, 4];
const argument = (index: number): number => 16 + 8 * index;

interface Instruction {
  readonly code: number;
  readonly k: number;
  /** The number of instructions to skip if the comparison is true, and if it is false. */
  readonly yes?: number;
  readonly no?: number;
}

/**
 * A seccomp filter for `bwrap --seccomp`, by Node's name of the processor; null for an unknown one. It allows sockets of IPv4, IPv6 and
 * netlink, which the network namespace confines. Unix sockets can reach beyond that namespace, so it allows only connected pairs. It denies
 * datagram pairs, because those can be connected again, and typing into the terminal (TIOCSTI).
 */
export function seccompFilter(processor: string): Buffer | null {
  const tables = TABLES[processor];
  return tables ? encode(programOf(tables)) : null;
}

const load = (offset: number): Instruction => ({ code: LOAD, k: offset });
const give = (result: number): Instruction => ({ code: RETURN, k: result });

/** Runs `then` if the loaded word equals the constant. */
const when = (constant: number, then: readonly Instruction[]): readonly Instruction[] => [
  { code: JUMP_IF_EQUAL, k: constant, yes: 0, no: then.length },
  ...then,
];

/** Ends with `fail` unless the loaded word equals one of the constants. */
const only = (...constants: readonly number[]): readonly Instruction[] => [
  ...constants.flatMap(constant => when(constant, [give(ALLOW)])),
  give(fail(EPERM)),
];

function programOf(tables: readonly CallTable[]): readonly Instruction[] {
  return [
    load(ARCHITECTURE),
    ...tables.flatMap(table => when(table.architecture, rulesOf(table))),
    give(fail(ENOSYS)), // an unknown table
  ];
}

function rulesOf({ socket, socketpair, ioctl, socketcall, foreignBit }: CallTable): readonly Instruction[] {
  return [
    load(NUMBER),
    ...(foreignBit === null
      ? []
      : [{ code: JUMP_IF_ANY_BIT, k: foreignBit, yes: 0, no: 1 }, give(fail(ENOSYS))]),
    ...when(IO_URING_SETUP, [give(fail(ENOSYS))]), // io_uring can open sockets that a filter does not see
    ...(socketcall === null ? [] : when(socketcall, [give(fail(ENOSYS))])),
    ...when(socket, [load(argument(0)), ...only(AF_INET, AF_INET6, AF_NETLINK)]),
    ...when(socketpair, [
      load(argument(0)),
      { code: JUMP_IF_EQUAL, k: AF_UNIX, yes: 1, no: 0 },
      give(fail(EPERM)),
      load(argument(1)),
      { code: MASK, k: SOCK_TYPE_MASK },
      ...only(SOCK_STREAM, SOCK_SEQPACKET),
    ]),
    ...when(ioctl, [
      load(argument(1)),
      ...when(TIOCSTI, [give(fail(EPERM))]),
      ...when(TIOCLINUX, [give(fail(EPERM))]),
      give(ALLOW),
    ]),
    give(ALLOW),
  ];
}

/** Encodes instructions as `struct sock_filter`, eight bytes each. */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * program.length);
  for (const [index, { code, k, yes = 0, no = 0 }] of program.entries()) {
    const at = 8 * index;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(yes, at + 2);
    bytes.writeUInt8(no, at + 3);
    bytes.writeUInt32LE(k >>> 0, at + 4);
  }
  return bytes;
}
