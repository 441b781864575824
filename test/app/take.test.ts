import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { entryKey } from '../../src/app/state/entry-key.ts';
import type { EgressEvent } from '../../src/core/event.ts';
import { decision, info } from '../core/sample-events.ts';
import { openSession, POLICY, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const EVENT = decision('allow', {
  host: 'docs.rs',
  at: NOW,
  agent: 'research',
  tool: 'fetch',
  method: 'POST',
  url: "https://docs.rs/a'b$(id)?token=secret",
  raw: { kind: 'x' },
});

const watching = (event: EgressEvent = EVENT, others: readonly EgressEvent[] = []): Session =>
  openSession({ columns: 120, rows: 40, traffic: trafficOf([...others, event]) });

/** The lines of the open menu by their first word. */
function menu(session: Session): Readonly<Record<string, string>> {
  const { dialog } = session.state();
  if (dialog.type !== 'menu') return {};
  return Object.fromEntries(
    dialog.items.map(({ label, act }) => [
      label.split(/\s{2,}/)[0]?.trim() ?? '',
      act.type === 'copy' ? act.text : label,
    ]),
  );
}

/** Chooses the line of the menu that begins so. */
function pick(session: Session, start: string): void {
  const { dialog } = session.state();
  const index = dialog.type === 'menu' ? dialog.items.findIndex(({ label }) => label.startsWith(start)) : -1;
  if (index === -1) throw new Error(`the menu has no ${start}`);
  session.press(...Array<string>(index).fill('down'), 'enter');
}

it.each([
  ['Hosts', ['1'], ['host', 'curl command', 'entry', 'explanation', 'agent', 'tool']],
  ['Stream', ['5'], ['host', 'URL', 'curl command', 'record', 'entry', 'explanation', 'agent', 'tool']],
  [
    'an event',
    ['5', 'enter'],
    ['host', 'URL', 'curl command', 'record', 'entry', 'explanation', 'agent', 'tool'],
  ],
  ['Agents', ['4'], ['agent']],
  ['Policy', ['6'], ['entry']],
])('Y offers what can be copied of the thing under the cursor, on %s', (_, keys, labels) => {
  const session = watching();
  session.press(...keys, 'Y');
  expect(Object.keys(menu(session))).toEqual(labels);
});

it('Enter in the menu copies the chosen thing by the terminal’s clipboard', () => {
  const session = watching();
  session.press('5', 'Y');
  pick(session, 'record');
  expect(session.effects).toEqual([{ type: 'copy', text: '{"kind":"x"}' }]);
  expect(session.state().dialog.type).toBe('none');
});

it('the explanation names the host, the ruling and the entry behind it', () => {
  const session = watching();
  session.press('1', 'Y');
  expect(menu(session)['explanation']).toMatch(/^docs\.rs\npolicy says +allow: .*\n?.*docs\.rs \(/);
});

it('a curl command keeps its quotes whatever the record holds, and redacts the query as the screen does', () => {
  const session = watching();
  session.press('5', 'Y');
  const command = menu(session)['curl command'] ?? '';
  expect(command).toMatch(/^curl -v -X POST --url '/);
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${command}`], {
    encoding: 'utf8',
  });
  expect(words.trimEnd().split('\n')).toEqual([
    '-v',
    '-X',
    'POST',
    '--url',
    expect.stringMatching(/^https:\/\/docs\.rs\/a'b\$\(id\)\?/),
  ]);
  expect(words).not.toContain('secret');
  session.press('esc', 'Q', 'Y');
  expect(menu(session)['curl command']).toContain('token=secret');
});

it.each([
  ['a method that is no word', { method: "GET';id" }, "curl -v --url '"],
  [
    'a port of its own and no URL',
    { url: null, port: 8443, method: null },
    "curl -v --url 'https://docs.rs:8443/'",
  ],
  [
    'an IPv6 address',
    { url: null, host: '2001:db8::1', method: null },
    "curl -v --url 'https://[2001:db8::1]/'",
  ],
])('a curl command is well formed for %s', (_, known, start) => {
  const session = watching({ ...EVENT, ...known });
  session.press('5', 'Y');
  expect(menu(session)['curl command']).toMatch(start.slice(0, -1));
  expect(menu(session)['curl command']?.startsWith(start)).toBe(true);
});

it.each([
  ['host docs.rs', state => state.pages.at(-1), { type: 'host', host: 'docs.rs' }],
  [
    'records of',
    state => ({ screen: state.screen, text: state.filter.text }),
    { screen: 'stream', text: 'host:docs.rs' },
  ],
  [
    'agent',
    state => ({ screen: state.screen, text: state.filter.text }),
    { screen: 'hosts', text: 'agent:research' },
  ],
  [
    'tool',
    state => ({ screen: state.screen, text: state.filter.text }),
    { screen: 'hosts', text: 'tool:fetch' },
  ],
  [
    'entry docs.rs',
    state => ({ screen: state.screen, key: state.lists.policy.key }),
    { screen: 'policy', key: entryKey({ list: 'passthrough', text: 'docs.rs' }) },
  ],
] as const satisfies readonly (readonly [
  string,
  (state: ReturnType<Session['state']>) => unknown,
  object,
])[])('f goes from an event to its %s, and Esc comes back to the event', (start, place, wanted) => {
  const session = watching();
  session.press('5', 'enter', 'f');
  pick(session, start);
  expect(place(session.state())).toMatchObject(wanted);
  session.press('esc');
  expect(session.state()).toMatchObject({ screen: 'stream', filter: { text: '' } });
  expect(session.state().pages.at(-1)).toMatchObject({ type: 'event' });
});

it('f goes from an event to the other records of its attempt', () => {
  const first = info({ host: 'first.test', at: NOW - 5, correlationId: 'one', hop: 0, kind: 'hop' });
  const session = watching({ ...EVENT, correlationId: 'one', hop: 1 }, [first]);
  session.press('5', 'enter', 'f');
  pick(session, 'same attempt: hop 0');
  expect(session.state().pages.at(-1)).toMatchObject({ type: 'event', event: { host: 'first.test' } });
});

it('f goes to no entry that the policy does not have', () => {
  const session = openSession({ traffic: trafficOf([EVENT]), policy: POLICY.replaceAll('docs.rs', 'x.rs') });
  session.press('1', 'f');
  expect(Object.keys(menu(session)).filter(label => label.startsWith('entry'))).toEqual([]);
});

it('where nothing leads on and nothing can be copied, a line says so', () => {
  const session = openSession();
  session.press('f');
  expect(session.rows().at(-1)).toContain('there is nothing to go to from here');
  session.press('Y');
  expect(session.rows().at(-1)).toContain('nothing to copy here');
});
