import { isError, type Problem } from '../../../core/problem.ts';
import { entryAt } from './acl-match.ts';
import { aclNamed } from './conf-policy.ts';
import { lintOverlaps, neverMatchesRequest } from './dstdomain.ts';
import type { AccessConf, Acl } from './read-conf.ts';

/** The faults of a squid.conf, and remarks on parts that cannot be evaluated. */
export function lintConf(conf: AccessConf, source: string): readonly Problem[] {
  const problem = (line: number | null, rest: Pick<Problem, 'severity' | 'why' | 'remedy'>): Problem => ({
    source,
    line,
    column: null,
    ...rest,
  });
  const undefinedAcls = conf.access.flatMap(line =>
    line.type === 'rule'
      ? line.acls
          .filter(({ name }) => aclNamed(conf, name) === null)
          .map(({ name }) =>
            problem(line.line, {
              severity: 'error',
              why: `ACL not found: ${name}`,
              remedy: 'define it in a line above by acl',
            }),
          )
      : [
          problem(line.line, {
            severity: 'warning',
            why: `${line.text}: what it includes is not read here, so that lines below may never be reached`,
            remedy: null,
          }),
        ],
  );
  const last = conf.access.findLast(line => line.type === 'rule');
  const isOpen = last?.action === 'deny' && last.acls.some(({ name }) => name !== 'all');
  const ending = isOpen
    ? [
        problem(last.line, {
          severity: 'warning',
          why: 'the last http_access line denies, and so everything that no line names is allowed',
          remedy: 'end with http_access deny all',
        }),
      ]
    : [];
  const ofAcls = [...conf.acls.values()].flatMap(acl => lintAcl(acl, source));
  const none = last
    ? []
    : [problem(null, { severity: 'warning', why: 'no http_access line: nothing is allowed', remedy: null })];
  return [...conf.problems, ...undefinedAcls, ...ofAcls, ...ending, ...none];
}

/** Whether Squid would refuse to start with the file. */
export const isBungled = (problems: readonly Problem[]): boolean => problems.some(isError);

function lintAcl(acl: Acl, source: string): readonly Problem[] {
  if (acl.type !== 'dstdomain') return [];
  const files = acl.files.map(({ text, line, column }) => ({
    source,
    line,
    column,
    severity: 'warning' as const,
    why: `${acl.name}: the names of ${text} are not read here`,
    remedy: `see them by --policy ${text.replaceAll('"', '')}`,
  }));
  const own = acl.values.filter(({ file }) => file === undefined);
  const never = acl.values.flatMap(({ text, line, column, file }) => {
    const found = neverMatchesRequest(text);
    if (!found) return [];
    const remedy = found.instead === null ? 'remove it' : `write ${found.instead}`;
    return [
      {
        source: file ?? source,
        line,
        column,
        severity: 'warning' as const,
        why: `${text}: never matches: ${found.why}`,
        remedy,
      },
    ];
  });
  const entries = own.map(value => entryAt(value, 'allow'));
  return [...files, ...never, ...lintOverlaps(entries, source)];
}
