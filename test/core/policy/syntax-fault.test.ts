import { parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import fc from 'fast-check';
import { ParseError as TomlError, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { jsonFault, type SyntaxFault, tomlFault, yamlFault } from '../../../src/core/policy/syntax-fault.ts';
import { often } from '../../runs.ts';

/** The first fault of a text in each format; null where its parser takes it. */
const FAULTS: Readonly<Record<string, (text: string) => SyntaxFault | null>> = {
  json: text => {
    const errors: ParseError[] = [];
    parseTree(text, errors, { disallowComments: true });
    const [error] = errors;
    return error ? jsonFault(text, { ...error, code: printParseErrorCode(error.error) }) : null;
  },
  yaml: text => {
    const [error] = parseDocument(text, { version: '1.1', schema: 'core' }).errors;
    return error ? yamlFault(text, { code: error.code, message: error.message, offset: error.pos[0] }) : null;
  },
  toml: text => {
    try {
      parseTOML(text, { tomlVersion: '1.0' });
      return null;
    } catch (error) {
      if (error instanceof TomlError) return tomlFault(text, { offset: error.index, code: error.message });
      throw error;
    }
  },
};

describe('a text that breaks its format is told in our own words, at the place', () => {
  it.each<[format: string, text: string, offset: number, why: string]>([
    ['json', '{\n"allow": [\n"a"\n', 11, 'a [ is not closed'],
    ['json', '{"a": "[", "b": {', 16, 'a { is not closed'],
    ['json', '{"allow": ["a" "b"]}', 15, 'a comma is missing before "b"'],
    ['json', '{"allow" []}', 9, 'a colon is missing before ['],
    ['json', '{"allow": ["a]}', 11, 'a " is not closed'],
    ['json', '// c\n{}', 0, 'a comment stands here, and JSON has none'],
    ['json', '{} {}', 3, '{ stands behind the end of the value'],
    ['yaml', 'a: b\nallow: [x\n', 12, 'a [ is not closed'],
    ['yaml', 'allow: [\n  a,\n  b\npassthrough: []\n', 7, 'a [ is not closed'],
    ['yaml', 'allow:\n - "b\n - c\n', 10, 'a " is not closed'],
    ['yaml', 'allow:\n\t- a', 7, 'a tab stands where only blanks may indent'],
    ['yaml', 'allow: @a', 7, 'a text without quotes may not begin with @'],
    ['yaml', 'allow: []\nfoo\nbar: x', 10, 'a colon is missing behind foo'],
    ['yaml', 'allow: "\\q"', 8, '\\q is no escape of a text in double quotes'],
    ['toml', 'a = [1\n', 4, 'a [ is not closed'],
    ['toml', 'a 1\n', 2, 'a = is missing before 1'],
    ['toml', 'a = 1\na = 2\n', 6, 'the key a stands there twice'],
    ['toml', 'a = {b=1,}\n', 9, 'a comma stands before a }'],
  ])('%s %j at %d: %s', (format, text, offset, why) => {
    expect(FAULTS[format]?.(text)).toEqual({ offset, why });
  });

  it.each(Object.entries(FAULTS))('%s of any signs is told without the words of its parser', (_, faultOf) => {
    const text = fc
      .array(
        fc.constantFrom(
          '[',
          ']',
          '{',
          '}',
          '"',
          "'",
          'a',
          ':',
          ' ',
          '\n',
          '\t',
          ',',
          '-',
          '=',
          '#',
          '&',
          '*',
          '1',
          '.',
          '\\',
          '!',
          '%',
          '|',
          '@',
          '?',
          '---\n',
        ),
        { maxLength: 12 },
      )
      .map(pieces => pieces.join(''));
    fc.assert(
      fc.property(text, broken => {
        const fault = faultOf(broken);
        if (fault === null) return;
        expect(fault.why).not.toMatch(
          /text cannot be read|[Ee]xpected|[Uu]nterminated|implicit|[Ff]low|must |please|Plain/,
        );
        expect(fault.offset).toBeGreaterThanOrEqual(0);
        expect(fault.offset).toBeLessThanOrEqual(broken.length);
      }),
      { numRuns: often(1_000) },
    );
  });

  it('a code that no table knows still names what stands at the place', () => {
    const fault = { offset: 2, code: 'NEW', message: 'Something new' };
    for (const worded of [jsonFault, yamlFault, tomlFault])
      expect(worded('a word here', fault)).toEqual({ offset: 2, why: 'the text cannot be read at word' });
  });
});
