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
  ['b.example, a.example,,c.example # why\n', 'allow'],
  ['b.example # a.example, c.example\n', 'deny'],
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

it('a line of several names is judged name by name, and is not edited', () => {
  const text = '*.d.example, a.example\nb.example\n';
  const edited = (type: 'add' | 'remove', entry: string): unknown =>
    editPolicy({ text, path: 'allowed.txt', dialect: awfDialect }, [{ type, list: 'allow', entry }]);
  expect(awfDialect.claims(text, 'allowed.txt')).toBe(true);
  expect(judged(text, 'x.d.example')).toBe('allow');
  expect(edited('remove', 'a.example')).toMatchObject({
    type: 'refused',
    why: 'line 1 holds 2 names; edit it by hand',
  });
  expect(edited('remove', 'b.example')).toMatchObject({ type: 'edited', text: '*.d.example, a.example\n' });
  expect(edited('add', 'c.example')).toMatchObject({ type: 'edited', text: `${text}c.example\n` });
  expect(edited('add', 'x.a.example')).toMatchObject({ type: 'unchanged' });
});
