import { chmodSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine, type Machine } from '../../commands/program.ts';
import { type Run, runHere } from '../../commands/run-here.ts';

/** One rule as the stand-in holds it. */
interface Rule {
  readonly decision: 'allow' | 'deny';
  readonly resources: readonly string[];
  readonly status?: string;
}

/** The documented surface of `sbx policy`: ls, allow, deny and rm of network rules. It notes each command line. */
const STAND_IN = String.raw`#!/bin/sh
echo "$*" >> "$SBX_STATE.calls"
become() { jq -c "$@" "$SBX_STATE" > "$SBX_STATE.new" && mv "$SBX_STATE.new" "$SBX_STATE"; }
case "$#/$1/$2/$3" in
  3/policy/ls/--json)
    jq -c '{rules: [to_entries[] | {id: "r\(.key)", scope: "global", resource_type: "network", status: "active"} + .value]}' "$SBX_STATE" ;;
  4/policy/allow/network | 4/policy/deny/network)
    if [ -n "$SBX_GOVERNED" ]; then echo 'Error: local rules are off: your organisation governs this machine' >&2; exit 1; fi
    become --arg decision "$2" --arg names "$4" '. + [{decision: $decision, resources: ($names | split(","))}]' ;;
  5/policy/rm/network)
    [ "$4" = --resource ] || exit 2
    become --arg names "$5" '($names | split(",")) as $gone | map(.resources -= $gone | select(.resources != []))' ;;
  *) exit 2 ;;
esac
`;

/** A machine with the stand-in on its PATH, which holds these rules. */
function withSbx(rules: readonly Rule[], env: Readonly<Record<string, string>> = {}) {
  const here: Machine = machine();
  const state = here.write('sbx.json', JSON.stringify(rules));
  chmodSync(here.write('bin/sbx', STAND_IN), 0o755);
  const around = {
    cwd: here.path('work'),
    env: { ...here.env, PATH: `${here.path('bin')}:${here.env['PATH'] ?? ''}`, SBX_STATE: state, ...env },
  };
  return {
    run: (verb: string, ...args: readonly string[]): Promise<Run> =>
      runHere(['policy', verb, '--policy', 'sbx:', ...args], around, ''),
    held: (): readonly Rule[] => JSON.parse(readFileSync(state, 'utf8')) as readonly Rule[], // the stand-in wrote it
    calls: (): readonly string[] =>
      readFileSync(`${state}.calls`, 'utf8')
        .split('\n')
        .filter(call => call !== '' && call !== 'policy ls --json'),
  };
}

it('allowing a host of sbx: runs sbx policy allow, and sbx policy ls confirms it at once', async () => {
  const sbx = withSbx([{ decision: 'allow', resources: ['a.example'] }]);
  const { code, stderr, stdout } = await sbx.run('allow', '**.b.example:443');
  expect([code, sbx.calls()]).toEqual([0, ['policy allow network **.b.example:443']]);
  expect(stdout).toContain('+    "**.b.example:443"');
  expect(stderr).toContain('in force at once: sbx policy ls shows the change');
  expect((await sbx.run('explain', 'x.y.b.example', '--check')).code).toBe(0);
});

it('allowing a denied host takes the denial away first, and undo brings both back', async () => {
  const before: readonly Rule[] = [
    { decision: 'allow', resources: ['a.example'] },
    { decision: 'deny', resources: ['b.example'] },
  ];
  const sbx = withSbx(before);
  expect((await sbx.run('allow', 'b.example')).code).toBe(0);
  expect(sbx.calls()).toEqual(['policy rm network --resource b.example', 'policy allow network b.example']);
  expect((await sbx.run('undo')).code).toBe(0);
  expect(sbx.held()).toEqual(before);
});

it('removing an entry of one list leaves its twin in the other', async () => {
  const sbx = withSbx([
    { decision: 'allow', resources: ['a.example'] },
    { decision: 'deny', resources: ['a.example'] },
  ]);
  expect((await sbx.run('allow', 'a.example')).code).toBe(0);
  expect(sbx.held()).toEqual([{ decision: 'allow', resources: ['a.example'] }]);
});

it('a refusal of sbx is told, and the copy says again what sbx holds', async () => {
  const sbx = withSbx([{ decision: 'allow', resources: ['a.example'] }], { SBX_GOVERNED: '1' });
  const { code, stderr } = await sbx.run('allow', 'b.example');
  expect(code).toBe(1);
  expect(stderr).toContain('local rules are off: your organisation governs this machine');
  expect((await sbx.run('explain', 'b.example', '--check')).code).toBe(1);
  expect((await sbx.run('explain', 'a.example', '--check')).code).toBe(0);
});

it('a dry run, and a name that sbx would read as a flag or as several, run no command', async () => {
  const sbx = withSbx([{ decision: 'allow', resources: ['a.example'] }]);
  expect((await sbx.run('allow', 'b.example', '--dry-run')).stderr).toContain('would then run: sbx policy');
  for (const entry of ['a,b.example', '--', '-x.example'])
    expect((await sbx.run('allow', '--yes', '--', entry)).code).toBe(1);
  await sbx.run('explain', 'a.example');
  expect(sbx.calls()).toEqual([]);
});

it('a missing sbx is told as not installed', async () => {
  const here = machine();
  const { code, stderr } = await here.run(['policy', 'check', 'sbx:']);
  expect(code).toBe(1);
  expect(stderr).toContain('sbx is not installed');
});
