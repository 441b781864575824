import { describeFault } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { ruleFields, ruleText } from '../../core/ask/rule-text.ts';
import type { MediatorHello } from '../../systems/egresstop/log/read-hello.ts';

/** A mediator's state as text, one fact a line, safe for a terminal. */
export function statusText(hello: MediatorHello): string {
  const { mode, listen, policyPath, revision, rejected, flags, decisions } = hello;
  const entries = [
    ...flags.allow.map(entry => `--allow ${entry}`),
    ...flags.passthrough.map(entry => `--passthrough ${entry}`),
  ];
  const facts: readonly (readonly [string, string])[] = [
    ['mode', mode],
    ['listening on', listen],
    ['policy', policyPath === null ? 'none' : `${policyPath} ${revision ?? ''}`],
    ...(rejected === null ? [] : [['rejected', 'the file as it is; the old policy stays in force'] as const]),
    ...(rejected ?? []).map(fault => ['', describeFault(fault)] as const),
    ...(entries.length === 0 ? [] : [['flags', entries.join(' ')] as const]),
    ['up for', hello.uptimeMs === null ? '-' : upFor(hello.uptimeMs)],
    ['connections', `${hello.connections ?? '-'}`],
    ['programs', `${hello.holders} started by run, ${hello.confined} confined`],
    [
      'decisions',
      decisions === null
        ? '-'
        : `${decisions.allow} allow, ${decisions.deny} deny, ${decisions.error} error${decisions.pending > 0 ? `, ${decisions.pending} pending` : ''}`,
    ],
    ...(hello.operators === null ? [] : [['operators', `${hello.operators} can answer questions`] as const]),
    ...(hello.rules ?? []).map(rule => ['in memory', ruleText(rule)] as const),
    [
      'authority',
      `${hello.authority ?? '-'}${hello.authorityUntil === null ? '' : `, until ${hello.authorityUntil}`}`,
    ],
    ['audit log', hello.audit ?? '-'],
    ['process', `${hello.pid ?? '-'}`],
  ];
  return facts.map(([name, value]) => `${name.padEnd(13)} ${visible(value)}\n`).join('');
}

/** A duration such as `2d 3h` or `4m 5s`: its two largest units that are not zero. */
function upFor(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  const shown = from === -1 ? parts.slice(3) : parts.slice(from, from + 2);
  return shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

/** A mediator's state as JSON: its hello and the socket. */
export function statusJson(hello: MediatorHello, socket: string): object {
  const { policyPath, revision, rejected, authority, authorityUntil, rules, operators, ...rest } = hello;
  return {
    ...rest,
    ...(operators === null ? {} : { operators }),
    ...(rules && { rules: rules.map(ruleFields) }),
    policy: policyPath === null ? null : { path: policyPath, revision, ...(rejected && { rejected }) },
    ca: { path: authority, until: authorityUntil },
    socket,
  };
}
