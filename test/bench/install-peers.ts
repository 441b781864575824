import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_FOLDER } from './data.ts';

/** Debian's packages, and the program each is wanted for. */
const DEBIAN = {
  lnav: 'lnav',
  goaccess: 'goaccess',
  jq: 'jq',
  miller: 'mlr',
  squid: 'squid',
  time: 'time',
} as const;
/** With their versions, so that the same is measured everywhere. */
const NPM = ['@duckdb/node-api@1.5.6-r.1', '@anthropic-ai/sandbox-runtime@0.0.83'] as const;
const NPM_FOLDER = join(BENCH_FOLDER, 'peers');

/** Is a program there? Also where users' paths do not look. */
export const has = (program: string): boolean =>
  spawnSync('which', [program]).status === 0 || existsSync(`/usr/sbin/${program}`);

/** A package that was installed beside the project, or null. */
export function npmPeer(name: string): string | null {
  const folder = join(NPM_FOLDER, 'node_modules', name);
  return existsSync(folder) ? folder : null;
}

/** Installs what the project is measured against: from Debian where we may, from npm beside the project. What cannot be had is said and left out. */
export function installPeers(): void {
  const missing = Object.entries(DEBIAN).flatMap(([name, program]) => (has(program) ? [] : [name]));
  if (missing.length > 0 && !aptInstall(missing))
    tell(`not installed: ${missing.join(', ')} (install them by hand: apt-get install …)`);
  mkdirSync(NPM_FOLDER, { recursive: true });
  const wanted = join(NPM_FOLDER, NPM.join('+').replaceAll('/', '_'));
  if (existsSync(wanted)) return;
  writeFileSync(join(NPM_FOLDER, 'package.json'), '{"private":true}');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', NPM_FOLDER];
  if (run('npm', ['install', ...flags, ...NPM])) writeFileSync(wanted, '');
  else tell(`not installed: ${NPM.join(', ')} (npm install failed)`);
}

function aptInstall(names: readonly string[]): boolean {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args: readonly string[]): boolean => {
    const [command = '', ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest);
  };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  return apt(...install) || (apt('update', '-qq') && apt(...install)); // the lists may be old, or not there
}

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
