import { describe, expect, it } from 'vitest';
import { advice } from '../../../../src/systems/aasm/policy/advice.ts';
import { listing, policyOf } from './policy-of.ts';

const said = (path: string, ...entries: readonly string[]): string =>
  advice({ path, policy: listing(...entries) });

describe('the word on a policy that was written', () => {
  it('says up to its first colon what the header shows: nobody acknowledges, the proxy is unchanged', () => {
    expect(said('/p.yaml', 'a.example').split(':')[0]).toBe(
      'the gateway gives no acknowledgement, the proxy is unchanged until restarted',
    );
  });

  it('says what a gateway sees of the file, and of a folder', () => {
    expect(said('/p.yaml', 'a')).toContain('sees its first replacement alone');
    expect(said('/p.yaml', 'a')).toContain('one given the folder sees every one');
    expect(said('/p.yml', 'a')).toContain('one given the folder loads *.yaml alone');
  });

  it.each([
    [['a.example', 'B.example'], 'AA_PROXY_NETWORK_ALLOWLIST=a.example,B.example'],
    [[' a.example '], 'AA_PROXY_NETWORK_ALLOWLIST=a.example'],
    [['*.a.example'], "AA_PROXY_NETWORK_ALLOWLIST='*.a.example'"],
    [["a'; rm -rf /"], "AA_PROXY_NETWORK_ALLOWLIST='a'\\''; rm -rf /'"],
    [['$(id)'], "AA_PROXY_NETWORK_ALLOWLIST='$(id)'"],
  ])('ends with the line to paste: %j', (entries, line) => {
    expect(said('/p.yaml', ...entries)).toMatch(/ restart the proxy with AA_PROXY_NETWORK_ALLOWLIST=/);
    expect(said('/p.yaml', ...entries).endsWith(line)).toBe(true);
  });

  it('names what the proxy cannot take', () => {
    const text = said('/p.yaml', '[2001:db8::1]', '2606:4700::1', 'a.example:443', 'b.example', '10.0.0.5');
    expect(text).toContain('the proxy cannot take [2001:db8::1] a.example:443;');
    expect(text).toContain('it refuses 10.0.0.5 whatever is listed;');
  });

  it('says what an empty list does on either side', () => {
    const text = advice({ path: '/p.yaml', policy: policyOf('network: {allowlist: []}') });
    expect(text).toContain('the list is empty, by which the gateway denies every host');
    expect(text).toContain('an empty variable lets every host through');
  });
});
