import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedDestination } from '../../src/commands/policy/asked-destination.ts';
import { readAuthority } from '../../src/mediator/origin/destination.ts';
import { machine } from './program.ts';
import { often } from '../runs.ts';

/** Spellings of 169.254.169.254, as a client may send them. */
const METADATA_SPELLINGS = [
  'http://2852039166/',
  'http://2852039166./latest',
  '2852039166',
  '0251.0376.0251.0376',
  '0251.0376.0251.0376:80',
  '0xa9fea9fe',
  '0xA9.0xFE.0xA9.0xFE',
  'http://0xa9fea9fe:80/latest/meta-data',
  '169.254.43518',
  '169.16689662',
  '169.254.169.254.',
  'http://user:secret@2852039166/',
  'http://169.254.169.254%2f@2852039166/',
  'http://１６９.254.169.254/',
  'http://%31%36%39.254.169.254/',
  '[::ffff:169.254.169.254]:80',
  '::ffff:a9fe:a9fe',
  'http://[::FFFF:A9FE:A9FE]/',
  '[64:ff9b::a9fe:a9fe]',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
  '::ffff:0:169.254.169.254',
  '[::ffff:169.254.169.254%eth0]:443',
];

const firewall = {
  name: 'ssrf',
  enabled: true,
  default_verdict: 'allow',
  rules: [
    {
      label: 'inside',
      stage: 'egress',
      verdict: 'deny',
      priority: 1,
      egress_json: JSON.stringify({ deny: ['169.254.0.0/16', 'fe80::/10'], allow: [] }),
    },
  ],
};

describe('a name with letters outside ASCII', () => {
  it.each([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example.:443', 'xn--bcher-kva.example'],
    ['https://u:p@bücher.example/x', 'xn--bcher-kva.example'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['example。com', 'example.com'],
    ['straße.example', 'xn--strae-oqa.example'],
  ])('%s is asked for as clients ask for it', async (destination, host) => {
    const { attempt, notes } = await askedDestination(destination, null);
    expect(attempt.host?.replace(/\.$/, '')).toBe(host);
    expect(notes.join()).toContain(`is read as ${host}, as clients ask for it`);
  });

  it('an entry that can never match such a name does not allow it', async () => {
    const here = machine();
    const policy = here.write('p.yaml', 'allow: [bücher.example, xn--strae-oqa.example]\n');
    const explained = async (host: string): Promise<string> =>
      (await here.run(['policy', 'explain', host, '--policy', policy])).stdout;
    expect(await explained('bücher.example')).toContain('xn--bcher-kva.example: deny');
    expect(await explained('straße.example')).toContain('xn--strae-oqa.example: allow');
  });
});

describe('policy explain', () => {
  it.each(METADATA_SPELLINGS)('%s is denied where 169.254.0.0/16 is', async spelling => {
    const here = machine();
    const file = here.write('firewall.json', JSON.stringify(firewall));
    const args = ['policy', 'explain', spelling, '--system', 'orcarouter', '--policy', file, '--json'];
    const { stdout, stderr } = await here.run(args);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'deny', entry: '169.254.0.0/16' });
  });

  it.each([
    ...METADATA_SPELLINGS,
    'localhost',
    'LOCALHOST.',
    'api.localhost',
    'metadata.google.internal',
    'http://metadata.goog/x',
    'fe80::1%eth0',
    '[fe80::1%25eth0]:443',
    '127.1',
    '0',
  ])('%s is inside in guarded mode, without a look-up', async spelling => {
    const here = machine();
    const file = here.write('policy.yaml', 'allow: []\n');
    const args = ['policy', 'explain', spelling, '--policy', file, '--mode', 'guarded', '--json'];
    const { stdout } = await here.run(args);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'deny',
      reason: 'inside: internal destination denied',
    });
  });

  it('says in guarded mode that a name was not resolved, and says nothing of the kind of an address', async () => {
    const here = machine();
    const file = here.write('policy.yaml', 'allow:\n  - listed.example\n');
    const explained = async (host: string): Promise<string> =>
      (await here.run(['policy', 'explain', host, '--policy', file, '--mode', 'guarded'])).stdout;
    expect(await explained('nowhere.example')).toBe(
      'nowhere.example: allow, unlisted (intercepted)\n  note: nowhere.example was not resolved: an inside address would be denied\n',
    );
    expect(await explained('192.0.2.1')).toBe('192.0.2.1: allow, unlisted (intercepted)\n');
    expect(await explained('listed.example')).not.toContain('not resolved');
  });

  it('says how it read an address that is spelled oddly', async () => {
    const here = machine();
    const file = here.write('policy.yaml', 'allow:\n  - 203.0.113.7\n');
    const { stdout } = await here.run(['policy', 'explain', '0xcb007107', '--policy', file]);
    expect(stdout).toContain('203.0.113.7: allow, allowlisted');
    expect(stdout).toContain('  note: 0xcb007107 is read as 203.0.113.7\n');
  });
});

/** The characters of a host that its reading could go wrong on. */
const SPELLING = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.nat({ max: 0xffff_ffff }).map(String),
  fc.nat({ max: 0xffff_ffff }).map(bits => `0x${bits.toString(16)}`),
  fc.ipV6().map(address => `[${address}]`),
  fc.domain(),
  fc
    .array(fc.constantFrom('a', '0', '0x7f', '0177', '127', '256', '-', '_', 'z9'), {
      minLength: 1,
      maxLength: 5,
    })
    .map(labels => labels.join('.')),
);

it('a destination is read as the mediator reads it, wherever that takes it', async () => {
  await fc.assert(
    fc.asyncProperty(SPELLING, fc.constantFrom('', ':443', ':8080'), async (host, port) => {
      const read = readAuthority(host + port, 443);
      if (read.type === 'refused') return;
      const { attempt } = await askedDestination(host + port, null);
      expect(attempt.host?.toLowerCase()).toBe(read.destination.host);
    }),
    { numRuns: often(1_000) },
  );
});
