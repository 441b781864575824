import { isScalar, type Node } from 'yaml';
import { checkCapability } from './capability.ts';
import type { Member, PolicyReading } from './policy-reading.ts';
import { itemsOf, memberOf, numberOf, textOf } from './yaml-values.ts';

/** Checks the values of a section with valid keys and types, as the gateway does (`aa-policy/src/validator.rs`). */
export function checkValues(reading: PolicyReading, section: Member): void {
  CHECKS[section.key]?.(reading, section.value);
}

type Check = (reading: PolicyReading, section: Node | null) => void;

const CHECKS: Readonly<Record<string, Check | undefined>> = {
  scope: checkScope,
  network: checkNetwork,
  schedule: checkSchedule,
  budget: checkBudget,
  data: checkData,
  tools: checkTools,
  capabilities: checkCapabilities,
  syscalls: checkSyscalls,
  approval_timeout_secs: (reading, node) => {
    if (node && numberOf(node) === 0)
      reading.error(node, 'approval_timeout_secs — must be greater than 0', 'write the seconds, as 300');
  },
};

function checkScope(reading: PolicyReading, node: Node | null): void {
  const scope = node && textOf(node);
  if (!node || scope === null || scope === 'global') return;
  if (
    /^(?:org|team|tool):./s.test(scope) ||
    /^agent:(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(scope)
  ) {
    return reading.warn(
      node,
      `scope — ${scope}: this policy rules only within that scope; egresstop judges by it everywhere`,
      null,
    );
  }
  reading.error(
    node,
    `(document) — YAML parse error: scope: invalid policy scope ${JSON.stringify(scope)}: expected \`global\` or \`<kind>:<id>\``,
    'write global, org:NAME, team:NAME, agent:UUID or tool:NAME',
  );
}

function checkNetwork(reading: PolicyReading, network: Node | null): void {
  for (const [index, { node, text }] of itemsOf(reading, memberOf(reading, network, 'allowlist')).entries()) {
    if (text?.trim() === '')
      reading.error(
        node,
        `network.allowlist[${index}] — allowlist entry must not be empty`,
        'remove the entry or write a name',
      );
  }
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function checkSchedule(reading: PolicyReading, schedule: Node | null): void {
  const hours = memberOf(reading, schedule, 'active_hours');
  if (!hours) return;
  const field = 'schedule.active_hours';
  const text = (key: string): string | null => textOf(memberOf(reading, hours, key));
  const [start, end, timezone] = [text('start'), text('end'), text('timezone')];
  const wrong = (name: string, why: string): void =>
    reading.error(hours, `${name} — ${why}`, 'write start and end as HH:MM and a timezone');
  for (const [key, value] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (value === null) return wrong(`${field}.${key}`, 'required when active_hours is present');
    if (!CLOCK.test(value)) return wrong(`${field}.${key}`, 'must be in HH:MM 24-hour format');
  }
  if ((start ?? '') >= (end ?? '')) return wrong(field, 'start must be earlier than end');
  if (timezone === null) return wrong(`${field}.timezone`, 'required when active_hours is present');
  if (!isTimezone(timezone))
    wrong(`${field}.timezone`, 'must be a valid IANA timezone (e.g. America/New_York)');
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false; // an unknown time zone
  }
}

function checkBudget(reading: PolicyReading, budget: Node | null): void {
  for (const prefix of ['', 'team_', 'org_']) checkLimits(reading, budget, prefix);
  const timezone = memberOf(reading, budget, 'timezone');
  const zone = textOf(timezone);
  if (timezone && zone !== null && !isTimezone(zone))
    reading.error(
      timezone,
      `budget.timezone — '${zone}' is not a valid IANA timezone name`,
      'write a name as Europe/Berlin',
    );
  oneOf(reading, { section: 'budget', map: budget, key: 'action_on_exceed' }, ['deny', 'suspend']);
}

function checkLimits(reading: PolicyReading, budget: Node | null, prefix: string): void {
  const [day, month] = [`${prefix}daily_limit_usd`, `${prefix}monthly_limit_usd`];
  const [daily, monthly] = [memberOf(reading, budget, day), memberOf(reading, budget, month)];
  for (const [key, node] of [
    [day, daily],
    [month, monthly],
  ] as const) {
    if (node && (numberOf(node) ?? 1) <= 0)
      reading.error(node, `budget.${key} — must be greater than 0`, 'write an amount, or remove the key');
  }
  if (daily && monthly && (numberOf(monthly) ?? 0) < (numberOf(daily) ?? 0))
    reading.error(monthly, `budget.${month} — must be >= ${day}`, 'raise it, or lower the daily limit');
}

function checkData(reading: PolicyReading, data: Node | null): void {
  oneOf(reading, { section: 'data', map: data, key: 'credential_action' }, [
    'block',
    'redact_only',
    'alert_only',
    'alert_and_redact',
  ]);
}

interface WordPlace {
  readonly section: string;
  readonly map: Node | null;
  readonly key: string;
}

function oneOf(reading: PolicyReading, { section, map, key }: WordPlace, words: readonly string[]): void {
  const node = memberOf(reading, map, key);
  const text = textOf(node);
  if (!node || text === null || words.includes(text)) return;
  const quoted = words.map(word => `'${word}'`);
  const listed =
    quoted.length === 2 ? quoted.join(' or ') : `${quoted.slice(0, -1).join(', ')}, or ${quoted.at(-1)}`;
  reading.error(node, `${section}.${key} — must be ${listed}, got '${text}'`, 'write one of these');
}

function checkTools(reading: PolicyReading, tools: Node | null): void {
  for (const { key, value } of reading.members(tools) ?? []) {
    const condition = memberOf(reading, value, 'requires_approval_if');
    if (condition && isScalar(condition) && textOf(condition)?.trim() === '')
      reading.error(
        condition,
        `tools.${key}.requires_approval_if — CEL expression must not be empty`,
        'write a condition, or remove the key',
      );
  }
}

function checkCapabilities(reading: PolicyReading, capabilities: Node | null): void {
  for (const list of ['allow', 'deny'])
    for (const [index, { node, text }] of itemsOf(reading, memberOf(reading, capabilities, list)).entries())
      if (text !== null) checkCapability(reading, { field: `capabilities.${list}[${index}]`, node }, text);
}

const SYSCALLS = new Set(
  'read write close openat fstat lseek mmap munmap brk rt_sigaction rt_sigprocmask exit exit_group clock_gettime getrandom'.split(
    ' ',
  ),
);

function checkSyscalls(reading: PolicyReading, syscalls: Node | null): void {
  for (const [index, { node, text }] of itemsOf(reading, memberOf(reading, syscalls, 'allow')).entries())
    if (text !== null && !SYSCALLS.has(text))
      reading.error(
        node,
        `syscalls.allow[${index}] — unknown syscall '${text}'`,
        `the names are ${[...SYSCALLS].join(', ')}`,
      );
}
