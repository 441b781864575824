import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_FOLDER } from './data.ts';
import { has, npmPeer } from './install-peers.ts';

/** A program that does what `report` does with a zeph log, as far as it can, and whether it is there. */
export interface Peer {
  readonly name: string;
  readonly isThere: boolean;
  /** The question that it was asked, for a reader who wants to know how fair the row is. */
  readonly asked: string;
  readonly command: (log: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The fields that decide into which sum a record of zeph's goes. */
const NAMES = ['host', 'tool', 'caller_id', 'block_reason'] as const;
/** The verdict of zeph's decoder, as SQL. */
const VERDICT = "case when blocked then 'deny' when status is null then 'error' else 'allow' end";
/** Two threads, as many as the budget's machine has cores. */
const DUCKDB_THREADS = '2';

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
    value: {
      ...Object.fromEntries([...NAMES, 'kind'].map(key => [key, { kind: 'string' }])),
      host: { kind: 'string', identifier: true },
      response_bytes: { kind: 'integer' },
      status: { kind: 'integer' },
      blocked: { kind: 'boolean' },
    },
    'line-format': [{ field: '__timestamp__' }, ' ', { field: 'host' }],
  },
};
const LNAV = `;select ${NAMES.join()}, ${VERDICT} verdict, count(*) n, sum(response_bytes), min(log_time), max(log_time)
  from zeph_egress where kind = 'egress' group by ${NAMES.join()}, verdict order by n desc`;

const DUCKDB = (log: string): string => `
  import { DuckDBInstance } from ${JSON.stringify(join(npmPeer('@duckdb/node-api') ?? '', 'lib/index.js'))};
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '${DUCKDB_THREADS}' })).connect();
  await connection.run(\`copy (select ${NAMES.join()}, ${VERDICT} verdict, count(*) n, sum(response_bytes), min("timestamp"), max("timestamp")
    from read_json('${log}', format = 'newline_delimited') where kind = 'egress' group by all order by n desc) to '/dev/stdout' (format json, array true)\`);`;

const GOACCESS_FORMAT =
  '{"timestamp":"%x","host":"%v","url":"%U","method":"%m","status":"%s","response_bytes":"%b","tool":"%h"}';
/** All its panels but those of hosts and of tools. */
const GOACCESS_IGNORED =
  'VISITORS REQUESTS REQUESTS_STATIC NOT_FOUND OS BROWSERS VISIT_TIMES REFERRERS REFERRING_SITES KEYPHRASES STATUS_CODES REMOTE_USER CACHE_STATUS GEO_LOCATION MIME_TYPE TLS_TYPE'.split(
    ' ',
  );

/** `group_by` is faster in jq than a `reduce` that keeps the sums, by a factor of two to eight. */
const JQ = `[inputs | select(.kind == "egress")] | group_by([${[...NAMES, 'blocked'].map(key => `.${key}`).join()}, .status == null])
  | map({${[...NAMES, 'blocked', 'status'].map(key => `${key}: .[0].${key}`).join()}, n: length, bytes: map(.response_bytes) | add, first: .[0].timestamp, last: .[-1].timestamp})`;

/** Each is asked in the fastest way of it that we know, and may use what it likes of the machine. */
export function reportPeers(): readonly Peer[] {
  mkdirSync(join(LNAV_FOLDER, 'formats', 'zeph'), { recursive: true });
  writeFileSync(join(LNAV_FOLDER, 'formats', 'zeph', 'zeph.json'), JSON.stringify(LNAV_FORMAT));
  const sums = `count, bytes, first and last time of each ${NAMES.join(' × ')} × verdict of the egress records`;
  return [
    {
      name: 'DuckDB',
      isThere: npmPeer('@duckdb/node-api') !== null,
      asked: `${sums}: one \`group by\` over \`read_json\`, from which report's numbers follow by addition; with ${DUCKDB_THREADS} threads, written as JSON by DuckDB itself`,
      command: log => [process.execPath, '--input-type=module', '-e', DUCKDB(log)],
    },
    {
      name: 'lnav',
      isThere: has('lnav'),
      asked: `${sums}: the same \`group by\`, over a format that names these fields`,
      command: log => ['lnav', '-I', LNAV_FOLDER, '-n', '-c', LNAV, log],
      env: { ...process.env, HOME: BENCH_FOLDER },
    },
    {
      name: 'goaccess',
      isThere: has('goaccess'),
      asked:
        'less than report: hits and bytes of each host and of each tool, with all other panels off; it knows no group of two fields, no reasons and no agents',
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
        ...GOACCESS_IGNORED.map(panel => `--ignore-panel=${panel}`),
      ],
    },
    {
      name: 'jq',
      isThere: has('jq'),
      asked: `${sums}: \`group_by\` of all of them, which is faster than a \`reduce\``,
      command: log => ['jq', '-n', '-c', JQ, log],
    },
    {
      name: 'Miller',
      isThere: has('mlr'),
      asked: `${sums}: \`stats1\` of two fields, the times' sums with it`,
      command: log => [
        'mlr',
        '--ijsonl',
        '--ojson',
        'filter',
        '$kind == "egress"',
        'then',
        'put',
        '$verdict = $blocked == true ? "deny" : is_present($status) ? "allow" : "error"',
        'then',
        'unsparsify',
        '-f',
        [...NAMES, 'verdict'].join(),
        'then',
        'stats1',
        '-a',
        'count,sum,min,max',
        '-f',
        'response_bytes,timestamp',
        '-g',
        [...NAMES, 'verdict'].join(),
        log,
      ],
    },
  ];
}
