import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchedUnits } from '../../../../src/app/lists/name-match.ts';
import { highlighted, literalUnits } from '../../../../src/app/select/columns/highlight.ts';
import { fit, fitName } from '../../../../src/app/select/text/fit.ts';
import { anyText } from '../../any-text.ts';

/** The fitted text with what is highlighted in brackets. */
const marked = (text: string, fitted: string, words: readonly string[], find = matchedUnits): string =>
  highlighted(text, fitted, { matched: find(words)(text), tone: 'plain' })
    .map(({ text: run, tone }) => (tone === 'match' ? `[${run}]` : run))
    .join('');

describe('the letters that a fuzzy word matched', () => {
  it.each([
    ['docs.pypi.org', ['pypi'], 'docs.[pypi].org'],
    ['api.github.com', ['gthub'], 'api.[g]i[thub].com'],
    ['api.github.com', ['git', 'api'], '[api].[git]hub.com'],
    ['API.GitHub.com', ['github'], 'API.[GitHub].com'],
    ['例え.example', ['例'], '[例]え.example'],
    ['docs.rs', ['docs.rs'], '[docs.rs]'],
  ])('the letters of %s that %j match are highlighted as %s', (text, words, shown) => {
    expect(marked(text, fit(text, 20), words).trimEnd()).toBe(shown);
  });

  it('matched letters are highlighted on both sides of what a narrow column leaves out', () => {
    const text = 'docs.internal.long.name.evil.example';
    expect(marked(text, fitName(text, 15), ['docs'])).toBe('[docs].in…example');
    expect(marked(text, fitName(text, 15), ['example'])).toBe('docs.in…[example]');
  });

  it('the ellipsis is highlighted where a narrow column leaves out matched letters', () => {
    const text = 'docs.internal.long.name.evil.example';
    expect(marked(text, fitName(text, 15), ['evil'])).toContain('[…]');
  });

  it('highlighting never changes what a cell shows, and never divides a character', () => {
    const word = fc.string({ minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyText, fc.array(word), fc.integer({ min: 1, max: 30 }), (text, words, width) => {
        for (const fitted of [fit(text, width), fitName(text, width), fit(text, width, 'right')]) {
          const spans = highlighted(text, fitted, { matched: matchedUnits(words)(text), tone: 'dim' });
          expect(spans.map(span => span.text).join('')).toBe(fitted);
          for (const { text: run } of spans) expect(run).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
      }),
    );
  });
});

describe('the words that must stand as they are', () => {
  it.each([
    ['a.example a.org', ['a'], '[a].ex[a]mple [a].org'],
    ['aaaa', ['aa'], '[aaaa]'],
    ['GET https://X.example', ['x.ex'], 'GET https://[X.ex]ample'],
    ['nothing', ['other'], 'nothing'],
  ])('a literal word is highlighted in %s under %j at every place', (text, words, shown) => {
    expect(marked(text, fit(text, 24), words, literalUnits).trimEnd()).toBe(shown);
  });
});
