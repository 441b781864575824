import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../terminal/terminal.ts';
import type { Scene } from './shoot.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const LOGS = ['microagent-egress.jsonl', 'zeph-audit.jsonl'];

/** The dashboard on the fixture logs and a policy of its own, as the README's reader would start it. */
function dashboard(home: string): Program {
  for (const log of LOGS) copyFileSync(join(FIXTURES, log), join(home, log));
  const policy = readFileSync(join(FIXTURES, 'microagent.yaml'), 'utf8').replace(
    '2026-11-20T18:00:00Z',
    '2031-01-01T00:00:00Z',
  );
  writeFileSync(join(home, 'policy.yaml'), policy);
  return {
    command: process.execPath,
    args: [PROGRAM, ...LOGS, '--policy', 'policy.yaml'],
    env: { XDG_STATE_HOME: join(home, 'state') },
  };
}

const SYSTEM_LOGS = [
  'squid-access.log',
  'awf-audit.jsonl',
  'openshell-ocsf.jsonl',
  'pipelock-audit.jsonl',
  'iron-proxy-requests.jsonl',
  'sandbox-runtime-debug.log',
  'codex-debug.log',
  'sbx-governed.jsonl',
];

/** The dashboard on one folder with the logs of eight systems. */
function mixedFolder(home: string): Program {
  mkdirSync(join(home, 'logs'));
  for (const log of SYSTEM_LOGS) copyFileSync(join(FIXTURES, log), join(home, 'logs', log));
  return {
    command: process.execPath,
    args: [PROGRAM, 'logs'],
    env: { XDG_STATE_HOME: join(home, 'state') },
  };
}

/** A shell whose `egresstop` is the program, on a log that grows two seconds after it was started. */
function shell(home: string): Program {
  copyFileSync(join(FIXTURES, 'microagent.yaml'), join(home, 'policy.yaml'));
  copyFileSync(join(FIXTURES, 'microagent-egress.jsonl'), join(home, 'audit.jsonl'));
  const arriving = readFileSync(join(FIXTURES, 'zeph-audit.jsonl'), 'utf8').split('\n').slice(0, 24);
  writeFileSync(join(home, 'arriving.jsonl'), `${arriving.join('\n')}\n`);
  const start = `egresstop() { ( (sleep 2; cat arriving.jsonl >> audit.jsonl) & ); '${process.execPath}' '${PROGRAM}' "$@"; }`;
  writeFileSync(join(home, 'rc'), `PS1='$ '\n${start}\n`);
  return { command: 'bash', args: ['--rcfile', 'rc', '-i'] };
}

const size = { columns: 112, rows: 30 } as const;
const title = 'egresstop';

/** Every picture of the README, in its order there. */
export const scenes: readonly Scene[] = [
  {
    name: 'demo',
    title: 'egresstop demo',
    ...size,
    program: home => ({ command: process.execPath, args: [PROGRAM, 'demo'], env: { TMPDIR: home } }),
    run: async terminal => {
      await terminal.waitFor('telemetry.vendor.example', { deadlineMs: 30_000 });
      terminal.type('/telemetry');
      terminal.press('enter');
      terminal.press('a');
      await terminal.waitFor('Enter writes');
      terminal.press('enter');
      await terminal.waitFor('acknowledged');
      terminal.press('esc');
      await terminal.waitFor('confirmed by a decision on telemetry', { deadlineMs: 60_000 });
    },
  },
  {
    name: 'ask',
    title: 'egresstop demo --ask',
    ...size,
    program: home => ({
      command: process.execPath,
      args: [PROGRAM, 'demo', '--ask'],
      env: { TMPDIR: home },
    }),
    run: async terminal => {
      await terminal.waitFor('looks like models.example', { deadlineMs: 60_000 });
      await terminal.waitFor('anybody can get a name', { deadlineMs: 60_000 });
      const row = terminal.screen().find(each => each.includes('modells'));
      terminal.type(/[1-9]/.exec(row ?? '')?.[0] ?? '1');
      await terminal.waitFor(/▌\d crawler\/fetch api\.modells/);
    },
  },
  {
    name: 'hosts',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      await terminal.waitFor('11 entries');
    },
  },
  {
    name: 'panes',
    title,
    columns: 180,
    rows: 48,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      await terminal.waitFor('11 entries');
      terminal.type('/github');
      terminal.press('enter');
      await terminal.waitFor('newest records that match');
      await terminal.waitFor('policy says');
    },
  },
  {
    name: 'mixed',
    title: 'egresstop logs/',
    columns: 170,
    rows: 36,
    program: mixedFolder,
    run: async terminal => {
      await terminal.waitFor('8 live');
      await terminal.waitFor('▌ api.github.com');
      await terminal.waitFor('systems');
    },
  },
  {
    name: 'denied-host',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      terminal.press('2');
      await terminal.waitFor('DENIED UTC');
      terminal.type('/raw');
      terminal.press('enter');
      await terminal.waitFor('▌ raw.githubusercontent');
      terminal.press('enter');
      await terminal.waitFor('nearest');
    },
  },
  {
    name: 'edit-preview',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      await terminal.waitFor('11 entries');
      terminal.press('2');
      await terminal.waitFor('DENIED UTC');
      terminal.type('/huggingface');
      terminal.press('enter');
      await terminal.waitFor('▌ huggingface.co');
      terminal.press('a');
      await terminal.waitFor('▌ 1) huggingface.co  (this host alone)');
      terminal.press('down');
      await terminal.waitFor('+  - .huggingface.co');
    },
  },
  {
    name: 'policy',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      terminal.press('6');
      await terminal.waitFor('pinned.vendor.example');
    },
  },
  {
    name: 'draft',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      await terminal.waitFor('11 entries');
      terminal.type('d');
      await terminal.waitFor('0 edits, not saved');
      terminal.type('/huggingface');
      terminal.press('enter');
      await terminal.waitFor('▌ huggingface.co');
      terminal.press('a');
      await terminal.waitFor('▌ 1) huggingface.co  (this host alone)');
      terminal.press('down');
      await terminal.waitFor('+  - .huggingface.co');
      terminal.press('enter');
      await terminal.waitFor('1 edit, not saved');
      terminal.press('esc');
      terminal.type('g');
      await terminal.waitFor('▌ en.wikipedia.org');
      terminal.press('down');
      await terminal.waitFor('▌ docs.rs');
      terminal.press('x');
      await terminal.waitFor('Enter puts this into the draft');
      terminal.press('enter');
      await terminal.waitFor('2 edits, not saved');
      await terminal.waitFor(/docs\.rs .*→deny/);
    },
  },
  {
    name: 'suggest',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      await terminal.waitFor('11 entries');
      terminal.type('S');
      await terminal.waitFor('ticked');
      terminal.press('down');
      await terminal.waitFor('▌ [x]');
    },
  },
  {
    name: 'stream',
    title,
    ...size,
    program: dashboard,
    run: async terminal => {
      await terminal.waitFor('459 decisions  323 allow');
      terminal.press('5');
      await terminal.waitFor('DETAIL');
      terminal.type('/verdict:deny,error');
      terminal.press('enter');
      // while records are looked through, the header says how far
      await terminal.waitFor(([, , header = '']) => header.includes('(Esc)') && !header.includes('% …'));
      await terminal.waitFor(rows => !rows.slice(4).join().includes('  info  '));
    },
  },
  {
    name: 'simulate-live',
    title: 'egresstop simulate --live',
    ...size,
    program: shell,
    run: async terminal => {
      await terminal.waitFor('$');
      terminal.type('egresstop simulate --policy policy.yaml --against audit.jsonl --live --changes');
      terminal.press('enter');
      await terminal.waitFor('12 event(s), 7 denied');
      terminal.press('ctrl-c');
      await terminal.waitFor(/REASON NOW(.*\n)+\$/);
    },
  },
];
