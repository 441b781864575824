import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_FOLDER } from './data.ts';

const DEBIAN = ['lnav', 'goaccess', 'jq', 'squid', 'time'] as const;
const NPM = ['@duckdb/node-api@1.5'] as const;
const NPM_FOLDER = join(BENCH_FOLDER, 'peers');

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Installs what the project is measured against: from Debian where we may, from npm beside the project. What cannot be had is said and left out. */
export function installPeers(): void {
  const missing = DEBIAN.filter(name => !has(name) && !existsSync(`/usr/sbin/${name}`));
  if (missing.length > 0) {
    const isRoot = process.getuid?.() === 0;
    const apt = [
      ...(isRoot ? [] : ['sudo', '-n']),
      'apt-get',
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
    ];
    const [command = '', ...args] = [...apt, ...missing];
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0)
      process.stderr.write(
        `not installed: ${missing.join(', ')} (install them by hand: apt-get install …)\n`,
      );
  }
  mkdirSync(NPM_FOLDER, { recursive: true });
  writeFileSync(join(NPM_FOLDER, 'package.json'), '{"private":true}');
  if (!existsSync(join(NPM_FOLDER, 'node_modules', '@duckdb')))
    spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', NPM_FOLDER, ...NPM], {
      stdio: 'ignore',
    });
}

/** A program that does what `report` does with a zeph log, as far as it can, and whether it is there. */
export interface Peer {
  readonly name: string;
  readonly isThere: boolean;
  readonly command: (log: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const LNAV_FOLDER = join(BENCH_FOLDER, 'lnav');
const LNAV_FORMAT = {
  zeph_egress: {
    title: 'zeph',
    json: true,
    'hide-extra': true,
    'file-pattern': '.*\\.jsonl',
    'timestamp-field': 'timestamp',
    'timestamp-format': ['%s'],
    'body-field': 'url',
    value: { host: { kind: 'string', identifier: true }, response_bytes: { kind: 'integer' } },
    'line-format': [{ field: '__timestamp__' }, ' ', { field: 'host' }],
  },
};

const DUCKDB = (log: string): string => `
  import { DuckDBInstance } from ${JSON.stringify(join(NPM_FOLDER, 'node_modules/@duckdb/node-api/lib/index.js'))};
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await connection.runAndReadAll(\`select host, count(*), count(*) filter (blocked),
    count(*) filter (blocked is not true and status is not null), sum(response_bytes), min("timestamp"), max("timestamp")
    from read_json('${log}', format = 'newline_delimited') where kind = 'egress' group by host order by 2 desc\`);
  console.log(JSON.stringify(found.getRowsJson()));`;

const GOACCESS_FORMAT =
  '{"timestamp":"%x","host":"%v","url":"%U","method":"%m","status":"%s","response_bytes":"%b","tool":"%h"}';

export function reportPeers(): readonly Peer[] {
  mkdirSync(join(LNAV_FOLDER, 'formats', 'zeph'), { recursive: true });
  writeFileSync(join(LNAV_FOLDER, 'formats', 'zeph', 'zeph.json'), JSON.stringify(LNAV_FORMAT));
  return [
    {
      name: 'DuckDB',
      isThere: existsSync(join(NPM_FOLDER, 'node_modules', '@duckdb')),
      command: log => [process.execPath, '--input-type=module', '-e', DUCKDB(log)],
    },
    {
      name: 'lnav',
      isThere: has('lnav'),
      command: log => [
        'lnav',
        '-I',
        LNAV_FOLDER,
        '-n',
        '-c',
        ';select host, count(*) n from zeph_egress group by host order by n desc',
        log,
      ],
      env: { ...process.env, HOME: BENCH_FOLDER },
    },
    {
      name: 'goaccess',
      isThere: has('goaccess'),
      command: log => [
        'goaccess',
        log,
        '-o',
        join(BENCH_FOLDER, 'goaccess.json'),
        '--no-ip-validation',
        '--no-progress',
        `--log-format=${GOACCESS_FORMAT}`,
        '--datetime-format=%s',
        '--date-format=%s',
        '--time-format=%s',
      ],
    },
    {
      name: 'jq',
      isThere: has('jq'),
      command: log => [
        'jq',
        '-n',
        '-c',
        '[inputs | select(.kind == "egress")] | group_by(.host) | map({host: .[0].host, n: length, bytes: map(.response_bytes) | add})',
        log,
      ],
    },
  ];
}
