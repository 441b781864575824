import { describe, expect, it } from 'vitest';
import { machine, type Machine } from '../program.ts';

const RECORDS = [
  {
    ts: 1795078800,
    msg: 'egress',
    client: { name: 'bot' },
    dest: { name: 'api.example.com:443' },
    action: 'passed',
  },
  {
    ts: 1795078801,
    msg: 'egress',
    client: { name: 'bot' },
    dest: { name: 'paste.example.com:443' },
    action: 'blocked',
  },
  {
    ts: 1795078802,
    msg: 'egress',
    client: { name: 'bot' },
    dest: { name: 'api.example.com:443' },
    action: 'held',
  },
];

const logOn = (box: Machine): string =>
  box.write('work/acme.jsonl', RECORDS.map(record => `${JSON.stringify(record)}\n`).join(''));

interface ReportCounts {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly unrecognised: number;
  readonly unrecognisedNames?: readonly {
    readonly name: string;
    readonly count: number;
    readonly line: number;
  }[];
}

const reported = async (box: Machine, ...args: readonly string[]): Promise<ReportCounts> =>
  JSON.parse((await box.run(['report', '--json', ...args])).stdout) as ReportCounts;

describe('a log of an unknown form', () => {
  it('an unknown log becomes readable by a map that is proposed, filled in and checked', async () => {
    const box = machine();
    const log = logOn(box);
    const { code, stdout, stderr } = await box.run(['map', log]);
    expect([code, stderr]).toEqual([0, 'egresstop: as it stands, it would count 1 deny, 2 unlisted\n']);
    const bare = box.write('bare.yaml', stdout);
    expect(await reported(box, '--map', bare, log)).toMatchObject({
      verdicts: { allow: 0, deny: 1 },
      unrecognised: 2,
      unrecognisedNames: [
        { name: 'acme: no verdict for action "passed"', count: 1, line: 1 },
        { name: 'acme: no verdict for action "held"', count: 1, line: 3 },
      ],
    });
    const filled = stdout.replace('# - VERDICT: { action: "passed" }', '- allow: { action: "passed" }');
    const own = box.write('home/.config/egresstop/maps/acme.yaml', filled);
    expect((await box.run(['map', 'check', own])).stdout).toContain('the sample is allow, not unlisted');
    box.write(
      'home/.config/egresstop/maps/acme.yaml',
      filled.replace('verdict: unlisted', 'verdict: allow\n    host: api.example.com'),
    );
    expect(await box.run(['map', 'check', own])).toMatchObject({
      code: 0,
      stdout: `${own}: acme is valid: 3 samples hold\n`,
    });
    expect(await reported(box, log)).toMatchObject({ verdicts: { allow: 1, deny: 1 }, unrecognised: 1 });
    expect((await box.run(['log', '--system', 'acme', '--decisions', log])).stdout.split('\n')).toHaveLength(
      3,
    );
    expect(await box.run(['map', log])).toMatchObject({
      code: 1,
      stderr: `egresstop: ${log}: each of 3 records is read already: no map is needed\n`,
    });
  });

  it('a log has no map where nothing in it looks like a destination or a ruling', async () => {
    const box = machine();
    const { code, stdout, stderr } = await box.run(['map', '-'], '{"a":1}\n');
    expect(code).toBe(1);
    expect(stdout).toContain('# host: no path looks like a destination');
    expect(stderr).toContain('it cannot be used before it is filled in');
    expect(await box.run(['map', '-'], 'no JSON\n')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('a map that cannot be used', () => {
  it('a broken map is told with its place, costs nothing else, and makes the exit code 1 where --map named it', async () => {
    const box = machine();
    const zeph = box.write(
      'work/zeph.jsonl',
      '{"timestamp":"1795078800","kind":"egress","correlation_id":"c","tool":"fetch","url":"https://h.example/","host":"h.example","method":"GET","status":200,"duration_ms":1,"response_bytes":1}\n',
    );
    const broken = box.write('broken.yaml', 'name: x\nwhne: 1\n');
    const { code, stdout, stderr } = await box.run(['report', '--map', broken, zeph]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${broken}:2:1: error: a map has no key whne: did you mean when?`);
    expect(stdout).toContain('1 decision: 1 allow');
    const own = box.write('home/.config/egresstop/maps/x.yaml', 'name: x\n');
    const inFolder = await box.run(['report', zeph]);
    expect([inFolder.code, inFolder.stderr.includes(own)]).toEqual([0, true]);
  });
});

describe('the maps in use', () => {
  it('maps are listed, shown, and known to --system', async () => {
    const box = machine();
    expect((await box.run(['map', 'list'])).stdout).toMatch(/^suricata +denials only +the package$/m);
    const shown = await box.run(['map', 'show', 'hubble']);
    expect(shown.stdout).toContain('name: hubble\n');
    expect(await box.run(['map', 'show', 'nobody'])).toMatchObject({ code: 1 });
    const wrong = await box.run(['report', '--system', 'nobody', '-'], '{}\n');
    expect([wrong.code, wrong.stderr.includes('hubble')]).toEqual([2, true]);
    const json = JSON.parse((await box.run(['map', 'list', '--json'])).stdout) as { readonly folder: string };
    expect(json.folder).toBe(box.path('home/.config/egresstop/maps'));
  });

  it('a map says of a log of denials alone that its counts are lower bounds', async () => {
    const box = machine();
    const log = box.write(
      'work/eve.json',
      '{"timestamp":"2026-09-25T23:01:05.598481+0000","flow_id":1,"event_type":"alert","src_ip":"10.0.0.1","dest_ip":"192.0.2.55","dest_port":443,"alert":{"action":"blocked","signature_id":2,"signature":"no"},"tls":{"sni":"paste.example"}}\n',
    );
    expect((await box.run(['report', log])).stdout).toContain(
      `${log}: denials only; unknown (as the map suricata says): counts are lower bounds`,
    );
  });

  it('a map of text lines says the same of a log that may hold denials alone', async () => {
    const box = machine();
    const log = box.write(
      'work/boundary.log',
      'time=2026-05-01T10:00:00Z level=WARN msg=DENY method=GET url=https://paste.example/ host=paste.example\n',
    );
    const { stdout } = await box.run(['report', log]);
    expect(stdout).toContain('1 decision: 1 deny');
    expect(stdout).toContain(`${log}: maybe denials only; unknown`);
  });

  it('a policy of another system judges a mapped log', async () => {
    const box = machine();
    const log = box.write(
      'work/leash.jsonl',
      '{"ts": 1795078800, "event": "allowed", "client": "10.88.0.2", "host": "api.example", "port": 443}\n',
    );
    const policy = box.write('work/policy.yaml', 'allow:\n  - other.example\n');
    const { code, stdout } = await box.run(['simulate', '--policy', policy, '--against', log]);
    expect(code).toBe(1);
    expect(stdout).toContain('api.example');
  });
});
