import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  isValidAllowedDomainEntry,
  matchesDomainPatternWithPort,
} from '../../../../node_modules/@anthropic-ai/sandbox-runtime/dist/sandbox/domain-pattern.js';
import {
  canonicalizeHost,
  isValidHost,
} from '../../../../node_modules/@anthropic-ai/sandbox-runtime/dist/sandbox/parent-proxy.js';
import { NetworkConfigSchema } from '../../../../node_modules/@anthropic-ai/sandbox-runtime/dist/sandbox/sandbox-config.js';
import { domainGrammar } from '../../../../src/systems/sandbox-runtime/policy/domain-pattern.ts';
import { sandboxRuntimeDialect } from '../../../../src/systems/sandbox-runtime/policy/dialect.ts';
import { whyRefused } from '../../../../src/systems/sandbox-runtime/policy/refused-entry.ts';
import { runs } from '../../../runs.ts';

/*
 * Our reading against the package itself: its own validator and its own matcher are the naive ones.
 */

const NAMES = [
  'a',
  'b',
  'example',
  'com',
  'EXAMPLE',
  'xn--bcher-kva',
  'bücher',
  '',
  '1',
  '10',
  '0x7f',
  '_x',
  'l-',
];
const name = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
  .map(labels => labels.join('.'));
const literal = fc.constantFrom(
  '127.0.0.1',
  '127.1',
  '2130706433',
  '::1',
  '[::1]',
  '[2001:DB8::1]',
  '2001:db8::1:443',
  '[::ffff:10.0.0.1]',
  '::ffff:a00:1',
  '[fe80::1%eth0]',
  'localhost',
  '*',
  '*.',
  '[',
  '[]',
  '[::1]x',
  'a b.example',
  'http://a.example/',
  'a.example/x',
  '%',
);
const port = fc.constantFrom('', '', '', ':443', ':80', ':0', ':65536', ':080', ':x', ':');
const stem = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 2, arbitrary: literal },
  fc.string({ maxLength: 8 }),
);
const entry = fc.tuple(fc.constantFrom('', '', '*.', '**.', '.'), stem, port).map(parts => parts.join(''));
const host = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 2, arbitrary: literal },
  fc.string({ maxLength: 8 }),
);
/** Few names, so that several entries often name one host. */
const close = fc
  .tuple(
    fc.constantFrom('', '*.'),
    fc.constantFrom('a.b.example', 'b.example', 'a.a.b.example'),
    fc.constantFrom('', ':443'),
  )
  .map(parts => parts.join(''));
const ports = fc.constantFrom(22, 80, 443);

const inProxy = (asked: string): string | null =>
  isValidHost(asked) ? (canonicalizeHost(asked) ?? asked) : null;

const settings = (allowedDomains: readonly string[], deniedDomains: readonly string[]): string =>
  JSON.stringify({
    network: { allowedDomains, deniedDomains },
    filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
  });

it('an entry is refused where the validator of the package refuses it, in either list', () => {
  fc.assert(
    fc.property(entry, text => {
      const network = NetworkConfigSchema.safeParse({ allowedDomains: [], deniedDomains: [text] });
      expect([text, whyRefused('allow', text) === null]).toEqual([text, isValidAllowedDomainEntry(text)]);
      expect([text, whyRefused('deny', text) === null]).toEqual([text, network.success]);
    }),
    { numRuns: runs(5_000) },
  );
});

it('a host is compared as the proxy of the package spells it', () => {
  fc.assert(
    fc.property(host, text => {
      expect([text, domainGrammar.host(text)]).toEqual([text, inProxy(text)?.toLowerCase() ?? null]);
    }),
    { numRuns: runs(5_000) },
  );
});

it('a policy rules as the loops of the package do: denials first, then what is allowed, else denied', () => {
  const lists = fc.array(
    fc.oneof(
      entry.filter(text => isValidAllowedDomainEntry(text)),
      close,
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(
      lists,
      lists,
      fc.oneof(host, fc.constantFrom('a.b.example', 'x.a.b.example')),
      ports,
      (allow, deny, asked, at) => {
        const parsed = sandboxRuntimeDialect.parse(settings(allow, deny), 'p.json');
        if (parsed.type === 'invalid') throw new Error(JSON.stringify(parsed.problems).slice(0, 200));
        const ruling = parsed.policy.judge({ host: asked, address: null, port: at });
        const name = inProxy(asked);
        const first = (list: readonly string[]): string | undefined =>
          name === null ? undefined : list.find(text => matchesDomainPatternWithPort(name, at, text));
        const [denied, allowed] = [first(deny), first(allow)];
        expect([asked, ruling.verdict, ruling.entry?.text]).toEqual([
          asked,
          denied === undefined && allowed !== undefined ? 'allow' : 'deny',
          denied ?? allowed,
        ]);
      },
    ),
    { numRuns: runs(5_000) },
  );
});
