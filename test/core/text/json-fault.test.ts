import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../../src/core/text/json-fault.ts';

/** A record with a text in a value's place; `^` stands where the fault is. */
const inValue = (value: string): string => `{"event":"egress_x_deny","bytes":${value},"host":"a.example"}`;

describe('a line that is no JSON names its first fault, the place of it, and the way out', () => {
  it.each<[string, string, string]>([
    ['^NaN', 'NaN is no number of JSON', 'json.dumps'],
    ['[1,^NaN]', 'NaN is no number of JSON', 'write null'],
    ['^Infinity', 'Infinity is no number of JSON', 'write null'],
    ['^-Infinity', '-Infinity is no number of JSON', 'write null'],
    ['^-inf', '-inf is no number of JSON', 'write null'],
    ['^True', "Python's True", 'json.dumps'],
    ['{"a":[^None]}', "Python's None", 'json.dumps'],
    ['^undefined', "JavaScript's undefined", 'JSON.stringify'],
    ['^nil', 'the word nil stands without quotes', 'double quotes'],
    ['^egress', 'the word egress stands without quotes', 'double quotes'],
    ["^'a'", 'single quotes', 'json.dumps'],
    ["^b'a'", 'single quotes', 'json.dumps'],
    ['^“a”', 'the quote “', 'plain double quotes'],
    ['[1,^]', 'a comma stands before the ]', 'leave out the last comma'],
    ['{"a":1 , ^}', 'a comma stands before the }', 'leave out the last comma'],
    ['1 ^// bytes', 'a comment', 'leave out comments'],
    ['^/* bytes */1', 'a comment', 'leave out comments'],
    ['^# none', 'a comment', 'leave out comments'],
    ['^0x10', '0x10 is no number', 'plain decimal number'],
    ['^05', '05 is no number', 'plain decimal number'],
    ['^+5', '+5 is no number', 'plain decimal number'],
    ['^.5', '.5 is no number', 'plain decimal number'],
    ['^1.', '1. is no number', 'plain decimal number'],
    ['^1_000', '1_000 is no number', 'plain decimal number'],
    ['^-', '- is no number', 'plain decimal number'],
    ['{^a:1}', 'the key a stands without quotes', 'each key in double quotes'],
    ['{^1:1}', 'the key 1 stands without quotes', 'each key in double quotes'],
    ['{"a"^ 1}', 'a colon is missing before 1', 'JSON library'],
    ['1 ^"b"', 'a comma is missing before "b"', 'JSON library'],
    ['^,', 'a value is missing before ,', 'JSON library'],
    ['^\u00a01', 'U+00A0 is no blank of JSON', 'JSON library'],
    ['"a^\tb"', 'U+0009 stands in a text', 'escape it'],
    ['"a^\\x41"', 'a backslash', 'double each backslash'],
  ])('%s', (marked, why, remedy) => {
    const line = inValue(marked);
    const fault = jsonFault(line.replace('^', ''));
    const at = line.indexOf('^') + (line[line.indexOf('^') + 1] === ' ' ? 1 : 0);
    expect(fault?.why).toContain(why);
    expect(fault?.remedy).toContain(remedy);
    expect(fault?.offset).toBe(at);
  });

  it.each([
    ["{'event': 'egress_x_deny'}", 1, 'single quotes'],
    ['{event: "egress_x_deny"}', 1, 'the key event stands without quotes'],
    ['{"a":1} // mine', 8, 'a comment'],
    ['{"a":1} x', 8, 'x stands behind the end'],
    ['{"a":1}\u0085', 7, 'U+0085 stands behind the end'],
    ['{"a":1,', 7, 'the line ends before the { is closed'],
    ['{"a":[1', 7, 'the line ends before the [ is closed'],
    ['{"a":"b\\', 5, 'the line ends within a text'],
    ['[NaN]', 1, 'NaN is no number'],
  ])('%s', (line, offset, why) => {
    expect(jsonFault(line)).toMatchObject({ offset, why: expect.stringContaining(why) as string });
  });

  it('a line of text has no fault of JSON', () => {
    expect(['nonsense', '# mine', "'a'", '', 'NaN'].map(line => jsonFault(line))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('a line has a fault exactly where JSON.parse refuses it, and all before the fault may begin JSON', () => {
    const scrap = fc.constantFrom(...`NaN True ' " \\ , : { } [ ] // # 05 1. - . \t \u00a0 a`.split(' '));
    fc.assert(
      fc.property(fc.object(), fc.nat(), scrap, fc.boolean(), (object, place, put, cuts) => {
        const whole = JSON.stringify(object);
        const at = 1 + (place % whole.length);
        const line = whole.slice(0, at) + (cuts ? '' : put + whole.slice(at));
        const fault = jsonFault(line);
        expect(fault === null).toBe(isJson(line));
        const before = jsonFault(line.slice(0, fault?.offset));
        expect(before === null || before.why.startsWith('the line ends')).toBe(true);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
