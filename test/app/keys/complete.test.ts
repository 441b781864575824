import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete, completions, quoted } from '../../../src/app/keys/complete.ts';
import { inputOf } from '../../../src/app/keys/text-input.ts';
import { parseFilter } from '../../../src/core/filter.ts';
import { decision } from '../../core/sample-events.ts';
import { anyText } from '../any-text.ts';
import { trafficOf } from '../traffic-of.ts';

const TRAFFIC = trafficOf([
  decision('deny', { host: 'files.pypi.org', tool: 'fetch', agent: 'my agent', reason: 'not listed' }),
  decision('allow', { host: 'docs.rs', tool: 'Bash', agent: 'a"b', method: 'GET' }),
  decision('allow', { host: 'docs.python.org', tool: 'fetch', agent: null }),
]);
const after = (text: string): string => complete(inputOf(text), TRAFFIC).text;

describe('completion', () => {
  it.each([
    ['ver', 'verdict:'],
    ['!to', '!tool:'],
    ['verdict:d', 'verdict:deny '],
    ['host:docs.r', 'host:docs.rs '],
    ['tool:b', 'tool:Bash '],
    ['tool:fetch agent:my', 'tool:fetch agent:"my agent" '],
    ['agent:"my a', 'agent:"my agent" '],
    ['agent:a', 'agent:"a\\"b" '],
    ['status:4', 'status:4xx '],
    ['since:1', 'since:10m '],
    ['method:', 'method:GET '],
    ['TOOL:f', 'tool:fetch '],
    ['', ''],
    ['words ', 'words '],
    ['docs', 'docs'],
  ])('Tab completes %j to %j', (typed, completed) => {
    expect(after(typed)).toBe(completed);
  });

  it.each(['foo:', 'http:', 'https://x', 'fe80:1', '!nope:x', 'constructor:', '__proto__:a'])(
    'offers nothing for %j, which is no key',
    typed => {
      expect(completions(inputOf(typed), TRAFFIC)).toEqual([]);
      expect(after(typed)).toBe(typed);
    },
  );

  it('completes the word before the cursor and leaves what is behind it', () => {
    expect(complete({ text: 'tool:fe host:x', cursor: 7 }, TRAFFIC)).toEqual({
      text: 'tool:fetch  host:x',
      cursor: 11,
    });
  });

  it('offers eight at most, in order', () => {
    const many = trafficOf(
      Array.from({ length: 50 }, (_, index) => decision('allow', { host: `h${index}` })),
    );
    expect(completions(inputOf('host:h'), many)).toEqual(
      ['h0', 'h1', 'h10', 'h11', 'h12', 'h13', 'h14', 'h15'].map(name => `host:${name}`),
    );
  });

  it('quotes a value so that it comes back as it was', () => {
    fc.assert(
      fc.property(
        anyText.filter(text => text !== '' && text.isWellFormed()),
        value => {
          const parsed = parseFilter(`agent:${quoted(value)}`);
          expect(parsed.type === 'valid' && parsed.terms.map(term => term.value)).toEqual([value]);
        },
      ),
    );
  });

  it('takes anything that can be typed', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, cursor) => {
        complete({ text, cursor: cursor % (text.length + 1) }, TRAFFIC);
      }),
    );
  });
});
