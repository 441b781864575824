/** A rule of RFC 1928 or RFC 1929: bytes for the mediator, and the bytes that must come back. */
export interface SocksCase {
  /** The section, as `1928 §3`. */
  readonly section: string;
  readonly rule: string;
  readonly send: readonly number[];
  /** All that the client gets. */
  readonly gets: readonly number[];
  /** Whether the connection stays open behind that; a refusal closes it. */
  readonly staysOpen?: boolean;
  /** The host that the record of it names. */
  readonly host?: string;
  /** Why the rule is not kept; the mediator keeps it where this is left out. */
  readonly differs?: string;
}

/** Hosts that are let through: one that echoes, one that nobody serves, and one without an address. */
export const [ECHO, GONE, NOWHERE] = ['echo.test', 'gone.test', 'nowhere.test'];

const [NO_NAME, GSSAPI, NAMED] = [0, 1, 2];
const greet = (...methods: readonly number[]): readonly number[] => [5, methods.length, ...methods];
const text = (value: string): readonly number[] => [value.length, ...Buffer.from(value)];
/** A request for port 443. */
const request = (command: number, type: number, address: readonly number[]): readonly number[] => [
  ...greet(NO_NAME),
  5,
  command,
  0,
  type,
  ...address,
  1,
  187,
];
const connectTo = (host: string): readonly number[] => request(1, 3, text(host));
const reply = (code: number): readonly number[] => [5, NO_NAME, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];
const HELLO = [...Buffer.from('hello')];
const IPV6_LOOPBACK = [...Array<number>(15).fill(0), 1];

/** The rules, in the order of the sections. */
export const SOCKS_CASES: readonly SocksCase[] = [
  {
    section: '1928 §3',
    rule: 'the server selects a method',
    send: greet(NO_NAME),
    gets: [5, 0],
    staysOpen: true,
  },
  {
    section: '1928 §3',
    rule: 'a method is selected among several',
    send: greet(0x80, NO_NAME, GSSAPI),
    gets: [5, 0],
    staysOpen: true,
  },
  {
    section: '1928 §3',
    rule: 'no acceptable method is answered with FF',
    send: greet(0x80),
    gets: [5, 0xff],
  },
  {
    section: '1928 §3',
    rule: 'GSSAPI is supported',
    send: greet(GSSAPI),
    gets: [5, 1],
    differs: 'agents have names, and no Kerberos',
  },
  { section: '1928 §3', rule: 'a greeting without a method is not answered', send: greet(), gets: [] },
  {
    section: '1929 §2',
    rule: 'a name and a password are accepted with 0',
    send: [...greet(NAMED), 1, ...text('agent'), ...text('tool')],
    gets: [5, 2, 1, 0],
    staysOpen: true,
  },
  {
    section: '1929 §2',
    rule: 'the version of credentials is 1',
    send: [...greet(NAMED), 5, ...text('agent'), ...text('tool')],
    gets: [5, 2],
  },
  {
    section: '1929 §2',
    rule: 'a name has at least one byte',
    send: [...greet(NAMED), 1, 0, 0],
    gets: [5, 2, 1, 1],
    differs: 'clients send what stands in a URL, and half of that may be empty',
  },
  {
    section: '1928 §4',
    rule: 'the version of a request is 5',
    send: [...greet(NO_NAME), 4, 1, 0, 3, ...text(ECHO), 1, 187],
    gets: [5, 0],
  },
  {
    section: '1928 §4',
    rule: 'the reserved byte is zero',
    send: [...greet(NO_NAME), 5, 1, 1, 3, ...text(ECHO), 1, 187],
    gets: [5, 0],
  },
  {
    section: '1928 §4',
    rule: 'BIND is supported',
    send: request(2, 3, text(ECHO)),
    gets: reply(0),
    host: ECHO,
    differs: 'nothing may connect to an agent from outside',
  },
  {
    section: '1928 §4',
    rule: 'UDP ASSOCIATE is supported',
    send: request(3, 3, text(ECHO)),
    gets: reply(0),
    host: ECHO,
    differs: 'nothing in a datagram tells whom it is meant for',
  },
  {
    section: '1928 §5',
    rule: 'type 1 is an IPv4 address',
    send: request(1, 1, [127, 0, 0, 1]),
    gets: reply(2),
    host: '127.0.0.1',
  },
  {
    section: '1928 §5',
    rule: 'type 4 is an IPv6 address',
    send: request(1, 4, IPV6_LOOPBACK),
    gets: reply(2),
    host: '::1',
  },
  {
    section: '1928 §5',
    rule: 'type 3 is a name with its length',
    send: connectTo('evil.test'),
    gets: reply(2),
    host: 'evil.test',
  },
  { section: '1928 §5', rule: 'a name has no NUL at its end', send: connectTo(`${ECHO}\0`), gets: reply(1) },
  {
    section: '1928 §6',
    rule: 'success is told before the bytes of the origin',
    // Another port than that of HTTPS, where anything but TLS would be refused.
    send: [...connectTo(ECHO).slice(0, -2), 8, 174, ...HELLO],
    gets: [...reply(0), ...HELLO],
    staysOpen: true,
    host: ECHO,
  },
  {
    section: '1928 §6',
    rule: 'the reply names the address that was bound',
    send: connectTo(ECHO),
    gets: [5, 0, 5, 0, 0, 1, 127, 0, 0, 1],
    staysOpen: true,
    differs: 'the address of the mediator is told to nobody, and clients do not use it',
  },
  {
    section: '1928 §6',
    rule: 'a denial is told as 02, and closes',
    send: connectTo('evil.test'),
    gets: reply(2),
    host: 'evil.test',
  },
  {
    section: '1928 §6',
    rule: 'a name without an address is told as 04, and closes',
    send: connectTo(NOWHERE),
    gets: reply(4),
    host: NOWHERE,
  },
  {
    section: '1928 §6',
    rule: 'a refused connection is told as 05, and closes',
    send: connectTo(GONE),
    gets: reply(5),
    host: GONE,
  },
  {
    section: '1928 §6',
    rule: 'an unknown command is told as 07, and closes',
    send: request(9, 3, text(ECHO)),
    gets: reply(7),
    host: ECHO,
  },
  {
    section: '1928 §6',
    rule: 'an unknown type of address is told as 08, and closes',
    send: request(1, 2, [1, 2, 3, 4]),
    gets: reply(8),
  },
];
