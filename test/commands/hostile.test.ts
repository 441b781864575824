import { describe, expect, it } from 'vitest';
import { controlSequences, escaped } from '../terminal/control-sequences.ts';
import { machine, type Machine, type Run } from './program.ts';

/*
 * Nothing in a log line reaches the terminal raw. Every headless command and format is given names a hostile guest
 * could have chosen; the raw bytes of both streams may hold nothing that a terminal obeys.
 */

const HOSTILE = [
  ['a sequence', '\x1b[2J\x1b[31mred'],
  ['a C1 sequence', '\u009b31mred\u009d0;title\u009c\u0085\u0090q\u009c'],
  ['a title', '\x1b]0;owned\x07'],
  ['a link', '\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\'],
  ['the clipboard', '\x1b]52;c;cm0gLXJmIH4=\x07'],
  ['bidi', 'moc.\u202elive\u202c\u2066x\u2069\u200f'],
  ['zero-width', 'a\u200bb\u200d\u2060\ufeffc\u00ad'],
  ['tags', 'x\u{e0041}\u{e007f}'],
  ['line ends', 'one\r\ntwo\nthree\u2028four\u2029five\u0085six\vseven\f'],
  ['the rest of C0', '\0\x01\x07\b\t\x0e\x0f\x7f'],
] as const;

const lines = (records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(record)}\n`).join('');

/** Every field that is shown anywhere, in the records of both systems, and lines that are malformed with the same. */
const LOG =
  HOSTILE.map(([, text]) =>
    lines([
      { event: 'egress_deny', host: `${text}.example`, reason: text, dst: text, runtime_id: text, ts: text },
      { event: `${text}_deny`, qname: text, ts: '2026-11-19T09:00:00Z', signal: text },
      { event: text, host: text, error: text },
      { event: `broker_${text}`, host: text, rule: text, verdict: 'deny', method: text },
      {
        kind: 'egress',
        tool: text,
        caller_id: text,
        host: text,
        url: `https://${text}/?${text}`,
        blocked: true,
        block_reason: text,
        timestamp: '1795078800',
        correlation_id: text,
      },
      {
        kind: 'egress',
        tool: text,
        host: '',
        url: `https://a.example/${text}`,
        status: 200,
        timestamp: text,
      },
      { kind: text, [text]: text },
      { tool: text, command: text, result: text, timestamp: '1' },
      { [text]: text },
    ]),
  ).join('') +
  HOSTILE.map(([, text]) => `{"event": ${text.replaceAll('\n', ' ')}\n`).join('') +
  '{"event":"x_deny","host":"\x1b[31m unescaped"}\n';

/** The controls that a terminal would obey, with backspace, tab and return, which the scanner lets pass. */
const obeyed = (output: Buffer): readonly string[] => [
  ...controlSequences(output).map(({ text }) => escaped(text)),
  ...(output.toString('utf8').match(/[\b\t\v\f]|\r(?!\n)/g) ?? []).map(escaped),
];

function expectInert(run: Run): void {
  expect(run.output.length).toBeGreaterThan(0);
  expect(obeyed(run.output)).toEqual([]);
}

describe('no byte of a log is obeyed by a terminal', () => {
  it('the log is as hostile as it is meant to be', () => {
    const raw = lines([{ a: HOSTILE.map(([, text]) => text) }]);
    expect(obeyed(Buffer.from(JSON.parse(raw).a.join(''))).length).toBeGreaterThan(20);
  });

  it.each([
    [['log']],
    [['log', '--json']],
    [['log', '--decisions']],
    [['log', '-f']],
    [['log', '-f', '--json']],
    [['report']],
    [['report', '--json']],
    [['report', '--csv']],
    [['report', '--markdown']],
  ])('no terminal obeys a byte of a log: %j', async args => {
    const run = await machine().run([...args, '-'], LOG);
    expect(run.code).toBe(0);
    expectInert(run);
  });

  it.each([[['log']], [['log', '--json']], [['report']]])(
    'no terminal obeys a byte of a workspace: %j',
    async args => {
      const here = machine();
      here.write('sd/research/egress-access.jsonl', LOG);
      expectInert(await here.run([...args, 'microagent:research', '--state-dir', here.path('sd')]));
    },
  );

  it('JSON says the same all the same', async () => {
    const { stdout } = await machine().run(
      ['log', '--json', '-'],
      lines(HOSTILE.map(([, text]) => ({ event: text }))),
    );
    const events = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { kind: string });
    expect(events.map(({ kind }) => kind)).toEqual(HOSTILE.map(([, text]) => text));
  });

  it('a record is one line of text, whatever it holds', async () => {
    const records = HOSTILE.map(([, text], n) => ({
      event: text,
      host: `${n}.${text}`,
      reason: text,
      ts: text,
    }));
    const { stdout } = await machine().run(['log', '-'], lines(records));
    expect(stdout.split('\n').map(line => /(\d)\./.exec(line)?.[1] ?? line)).toEqual([
      ...HOSTILE.map((_, n) => String(n)),
      '',
    ]);
  });
});

describe('nor of a name given on the command line or found on disk', () => {
  const [, escape] = HOSTILE[0];

  it.each([
    ['a path', ['log', `/nonexistent/${escape}`]],
    ['a glob', ['report', `/nonexistent/${escape}*`]],
    ['a workspace', ['log', `microagent:${escape}`]],
    ['a filter', ['report', '--filter', `${escape}:x hots:x`, '-']],
    ['a time', ['report', '--since', escape, '-']],
    ['a system', ['report', '--system', escape, '-']],
    ['a socket', ['log', `unix:/nonexistent/${escape}`]],
  ])('no terminal obeys a byte of a name on the command line: %s', async (_, args) => {
    expectInert(await machine().run(args));
  });

  it('no terminal obeys a byte of the name of a file', async () => {
    const here = machine();
    expectInert(await here.run(['report', here.write(`a${escape}.jsonl`, 'nonsense\n')]));
  });
});

describe('nor of a policy', () => {
  const quoted = (text: string): string =>
    JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  const POLICY = `allow:\n${HOSTILE.map(([, text]) => `  - ${quoted(`${text}.example`)}\n`).join('')}  - pypi.org # \u202e\u200b\n`;
  const [, escape] = HOSTILE[0];

  function withPolicy(
    text = POLICY,
  ): Machine & { readonly policy: (...args: readonly string[]) => Promise<Run> } {
    const here = machine();
    const path = here.write('policy.yaml', text);
    return {
      ...here,
      policy: (verb = '', ...args) =>
        here.run(['policy', verb, ...args, ...(verb === 'check' ? [path] : ['--policy', path])]),
    };
  }

  it.each([
    [['check']],
    [['check', '--json']],
    [['explain', `${escape}.example`]],
    [['explain', `files.${escape}.example`, '--json']],
    [['explain', 'files.pypi.org']],
    [['allow', 'docs.rs', '--dry-run']],
    [['allow', `${escape}.docs.rs`]],
    [['passthrough', 'pypi.org']],
    [['remove', `${HOSTILE[0][1]}.example`]],
  ])('no terminal obeys a byte of a policy: %j', async args => {
    expectInert(await withPolicy().policy(...args));
  });

  it.each([
    ['an unknown key', `${quoted(escape)}: []\n`],
    ['a text that is no YAML', 'allow: [\u009b31m\n'],
    ['a wrong item', `allow:\n  - {${quoted(escape)}: x}\n`],
  ])('%s', async (_, text) => {
    const here = withPolicy(text);
    for (const args of [['check'], ['check', '--json'], ['explain', 'x'], ['allow', 'x']])
      expectInert(await here.policy(...args));
  });

  it('no terminal obeys a byte of a journal or of an undo', async () => {
    const here = withPolicy();
    await here.policy('remove', `${escape}.example`);
    expectInert(await here.policy('log'));
    expectInert(await here.policy('log', '--json'));
    expectInert(await here.policy('undo', '--json'));
    await here.policy('remove', `${escape}.example`);
    expectInert(await here.policy('undo'));
  });
});
