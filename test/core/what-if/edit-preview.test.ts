import { describe, expect, it } from 'vitest';
import type { Entry, Policy, PolicyEdit } from '../../../src/core/policy/dialect.ts';
import { entryCovers, listPolicy } from '../../../src/core/policy/list-policy.ts';
import { previewEdit, type EditPreview } from '../../../src/core/what-if/edit-preview.ts';
import { finished } from '../../../src/core/work.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { decision } from '../sample-events.ts';

const entry = (text: string): Entry => ({ list: 'allow', text, line: 1, column: 1, until: null });

const SEEN = [
  decision('deny', { host: 'files.pypi.org', agent: 'x', tool: 'fetch' }),
  decision('deny', { host: 'files.pypi.org', agent: 'x', tool: 'bash' }),
  decision('deny', { host: 'upload.pypi.org', agent: 'y', tool: 'fetch' }),
  decision('allow', { host: 'files.pypi.org', agent: 'z', tool: 'curl' }),
  decision('deny', { host: 'pypi.org', agent: 'y' }),
  decision('deny', { host: 'evilpypi.org', agent: 'y' }),
  decision('allow', { host: 'docs.rs', agent: 'x' }),
  decision('deny', { host: 'unrelated.example', agent: 'x' }),
  decision('deny', { agent: 'x' }),
];

function previewOf(edit: PolicyEdit, before: readonly string[], after: readonly string[]): EditPreview {
  const traffic = new Traffic();
  for (const event of SEEN) traffic.add(event, 0);
  return finished(
    previewEdit(traffic, {
      before: listPolicy(before.map(entry)),
      after: listPolicy(after.map(entry)),
      edit,
      covers: entryCovers,
      isOwnDenial: (_, reason) => reason !== 'concurrency',
    }),
  );
}

const add = (text: string): PolicyEdit => [{ type: 'add', list: 'allow', entry: text }];
const remove = (text: string): PolicyEdit => [{ type: 'remove', list: 'allow', entry: text }];
const names = (found: EditPreview): readonly string[] => found.covered.map(({ host }) => host);

describe('before an entry is added, the preview tells', () => {
  it('the hosts it covers, most denied first, and how each is ruled then and now', () => {
    const found = previewOf(add('.pypi.org'), [], ['.pypi.org']);
    expect(names(found)).toEqual(['files.pypi.org', 'upload.pypi.org', 'pypi.org']);
    expect(found.covered[0]).toMatchObject({
      total: 3,
      denied: 2,
      before: { verdict: 'deny' },
      after: { verdict: 'allow' },
    });
  });

  it('the denials it would have let through, by agent and by tool', () => {
    const found = previewOf(add('.pypi.org'), [], ['.pypi.org']);
    expect(found.denialsLetThrough).toBe(4);
    expect(found.agents).toEqual([
      ['x', 2],
      ['y', 2],
    ]);
    expect(found.tools).toEqual([
      ['fetch', 2],
      ['-', 1],
      ['bash', 1],
    ]);
    expect(found.allowsRefused).toBe(0);
  });

  it.each([
    ['the apex and the siblings of one host', 'files.pypi.org', ['pypi.org', 'upload.pypi.org']],
    [
      'what lies below and what only ends alike',
      'pypi.org',
      ['evilpypi.org', 'files.pypi.org', 'upload.pypi.org'],
    ],
    ['what only ends alike', '.PyPI.org..', ['evilpypi.org']],
    [
      'the apex under a glob',
      '*.pypi.org',
      ['evilpypi.org', 'files.pypi.org', 'pypi.org', 'upload.pypi.org'],
    ],
    ['nothing, for an entry that names nothing', '.', []],
  ])('what is near and not covered: %s', (_, text, near) => {
    expect(previewOf(add(text), [], [text]).near).toEqual(near);
  });

  it('nothing freed where the policy let the host through already', () => {
    const found = previewOf(add('files.pypi.org'), ['.pypi.org'], ['.pypi.org', 'files.pypi.org']);
    expect([names(found), found.denialsLetThrough, found.agents]).toEqual([['files.pypi.org'], 0, []]);
  });
});

it('before an entry is removed, the preview tells which decisions would have been refused', () => {
  const found = previewOf(remove('docs.rs'), ['docs.rs'], []);
  expect([names(found), found.allowsRefused, found.denialsLetThrough, found.near]).toEqual([
    ['docs.rs'],
    1,
    0,
    [],
  ]);
});

it('denials that were not the policy’s own are told apart: an entry would not have changed them', () => {
  const traffic = new Traffic();
  traffic.add(decision('deny', { host: 'a.example', agent: 'x', reason: 'not allowlisted' }), 0);
  traffic.add(decision('deny', { host: 'a.example', agent: 'y', reason: 'concurrency' }), 0);
  const found = finished(
    previewEdit(traffic, {
      before: listPolicy([]),
      after: listPolicy([entry('a.example')]),
      edit: add('a.example'),
      covers: entryCovers,
      isOwnDenial: (_, reason) => reason !== 'concurrency',
    }),
  );
  expect(found).toMatchObject({ denialsLetThrough: 1, denialsOfOthers: 1, agents: [['x', 1]] });
});

describe('an edit that changes how hosts that no entry names are ruled', () => {
  it('touches every host seen: what was let through and would be no more is counted', () => {
    const traffic = new Traffic();
    for (const event of SEEN) traffic.add(event, 0);
    const open: Policy = {
      ...listPolicy([]),
      judge: () => ({ verdict: 'allow', interception: null, entry: null, reason: 'open' }),
    };
    const found = finished(
      previewEdit(traffic, {
        before: open,
        after: listPolicy([entry('docs.rs')]),
        edit: [{ type: 'add', list: 'allow', entry: 'docs.rs' }],
        covers: entryCovers,
        isOwnDenial: () => true,
      }),
    );
    expect(found.covered.map(({ host }) => host)).toContain('unrelated.example');
    expect(found.allowsRefused).toBe(1);
  });

  it.each([
    ['allow', 1],
    ['would-deny', 1],
    ['deny', 0],
    ['error', 0],
    ['pending', 0],
  ] as const)('a past decision of %s that would be refused was let through %i times', (verdict, count) => {
    const traffic = new Traffic();
    traffic.add(decision(verdict, { host: 'docs.rs' }), 0);
    const found = finished(
      previewEdit(traffic, {
        before: listPolicy([entry('docs.rs')]),
        after: listPolicy([]),
        edit: [{ type: 'remove', list: 'allow', entry: 'docs.rs' }],
        covers: entryCovers,
        isOwnDenial: () => true,
      }),
    );
    expect(found.allowsRefused).toBe(count);
  });
});
