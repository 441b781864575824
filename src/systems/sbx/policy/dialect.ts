import type { Dialect } from '../../../core/policy/dialect.ts';

const WHY =
  'Docker Sandboxes keeps its policy in no file: see it with `sbx policy ls`, and change it with `sbx policy allow` and `deny`';

/** The policy of Docker Sandboxes stands in no file, so no file is read as one. */
export const sbxDialect: Dialect = {
  name: 'sbx',
  lists: ['allow', 'deny'],
  format: () => null,
  claims: () => false,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  parse: (_, path) => ({
    type: 'invalid',
    problems: [{ source: path, line: null, column: null, severity: 'error', why: WHY, remedy: null }],
  }),
  expand: (_, edit) => edit,
  plan: () => ({ type: 'refused', why: WHY }),
  sameEntry: (one, other) => one === other,
  covers: (entry, host) => entry === host,
  isOwnDenial: system => system === 'sbx',
  forms: host => [{ entry: host, label: 'this host alone' }],
  warn: () => [],
};
