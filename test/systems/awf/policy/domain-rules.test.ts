import { expect, it } from 'vitest';
import { awfDialect } from '../../../../src/systems/awf/policy/dialect.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';

const judged = (text: string, host: string): string => {
  const parsed = awfDialect.parse(text, 'allowed.txt');
  return parsed.type === 'valid' ? parsed.policy.judge({ host, address: null }).verdict : 'invalid';
};

// The reader of awf (`parseDomainsFile`): what stands before the first `#`, without blanks and marks around it.
it.each([
  ['\uFEFFa.example\n', 'allow'],
  ['a.example#why\n', 'allow'],
  ['a.example # why\n', 'allow'],
  ['\uFEFF# a.example\n', 'deny'],
  ['#a.example\n', 'deny'],
  ['\u00A0a.example\u00A0\r\n', 'allow'],
])('awf reads the line %j as it reads a file of domains: a.example is judged %s', (text, verdict) => {
  expect(judged(text, 'a.example')).toBe(verdict);
});

it('an edit of a file of awf meets its line, whatever marks and comments stand around', () => {
  const text = '\uFEFF# allowed\na.example#why\nb.example\n';
  for (const entry of ['a.example', 'b.example']) {
    const edit = editPolicy({ text, path: 'allowed.txt', dialect: awfDialect }, [
      { type: 'remove', list: 'allow', entry },
    ]);
    const kept = text.replace(entry === 'a.example' ? 'a.example#why\n' : 'b.example\n', '');
    expect(edit).toMatchObject({ type: 'edited', text: kept });
  }
});
