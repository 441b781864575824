import { expect, it } from 'vitest';
import { describeEdit, editInWords } from '../../../src/core/policy/describe-edit.ts';

it('an edit reads as its changes, each with its list, and an added grant with its end', () => {
  const until = Date.UTC(2026, 10, 20, 18);
  expect(
    describeEdit([
      { type: 'add', list: 'allow', entry: '.pypi.org', until },
      { type: 'add', list: 'passthrough', entry: 'tls.example' },
      { type: 'remove', list: 'deny', entry: 'a.example', until },
    ]),
  ).toBe('allow +.pypi.org until 2026-11-20T18:00:00Z, passthrough +tls.example, deny -a.example');
});

it('an edit in words says what is added, what is removed, and from which list', () => {
  const until = Date.UTC(2026, 10, 20, 18);
  expect(
    editInWords([
      { type: 'add', list: 'allow', entry: '.pypi.org', until },
      { type: 'remove', list: 'deny', entry: 'a.example', until },
      { type: 'shadow', isOn: true },
    ]),
  ).toBe(
    'add .pypi.org to allow until 2026-11-20T18:00:00Z, remove a.example from deny, turn shadow mode on',
  );
});
