import { listedLines } from '../../../core/policy/listed-line.ts';
import type { Problem } from '../../../core/problem.ts';

/** A value of an acl, with its place. A quoted value names a file of values. */
export interface ConfValue {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** The file that holds the value; absent for the configuration itself. */
  readonly file?: string;
}

/** The texts of the referenced files, by path. Unreadable files are missing. */
export type NamedFiles = ReadonlyMap<string, string>;

/** All lines of one acl, whose values add up. */
export interface Acl {
  readonly name: string;
  readonly type: string;
  readonly flags: readonly string[];
  readonly values: readonly ConfValue[];
  /** Files with further values. */
  readonly files: readonly ConfValue[];
}

/** An `http_access` line, whose acls must all match; or an `include` that may hold further, unknown lines. */
export type AccessLine =
  | {
      readonly type: 'rule';
      readonly action: 'allow' | 'deny';
      readonly acls: readonly { readonly name: string; readonly isNegated: boolean }[];
      readonly line: number;
      /** The line as written. */
      readonly text: string;
      /** Whether the line stands between `if` and `endif`. */
      readonly isConditional: boolean;
    }
  | { readonly type: 'include'; readonly line: number; readonly text: string; readonly pattern: string };

/** The access rules of a squid.conf. */
export interface AccessConf {
  readonly acls: ReadonlyMap<string, Acl>;
  readonly access: readonly AccessLine[];
  readonly problems: readonly Problem[];
}

/** Reads the directives that rule on access (`cf.data.pre`: acl, http_access, include, if). */
export function readConf(text: string, source: string): AccessConf {
  const acls = new Map<string, Acl>();
  const access: AccessLine[] = [];
  const problems: Problem[] = [];
  let depth = 0;
  const fault = ({ line, column }: ConfValue, why: string, remedy: string): void => {
    problems.push({ source, line, column, severity: 'error', why, remedy });
  };
  if (text.startsWith('\uFEFF'))
    fault(
      { text: '', line: 1, column: 1 },
      'the file begins with a byte order mark: Squid does not know the first word, and does not start',
      'save it without the mark',
    );
  for (const words of directives(text)) {
    const [first, second, ...rest] = words;
    if (!first) continue;
    const { line } = first;
    const written = words.map(word => word.text).join(' ');
    switch (first.text) {
      case 'if':
        depth += 1;
        break;
      case 'endif':
        depth = Math.max(0, depth - 1);
        break;
      case 'include':
        access.push({
          type: 'include',
          line,
          text: written,
          pattern: words
            .slice(1)
            .map(word => word.text)
            .join(' '),
        });
        break;
      case 'acl': {
        const type = rest[0]?.text;
        if (!second || type === undefined) fault(first, 'an acl without a name or a type', 'mend it');
        else addAcl(acls, { name: second.text, type, words: rest.slice(1) });
        break;
      }
      case 'http_access': {
        const action = second?.text;
        if (action !== 'allow' && action !== 'deny')
          fault(first, `http_access neither allows nor denies: ${written}`, 'write allow or deny');
        else
          access.push({
            type: 'rule',
            action,
            acls: rest.map(namedAcl),
            line,
            text: written,
            isConditional: depth > 0,
          });
        break;
      }
    }
  }
  return { acls, access, problems };
}

const namedAcl = ({ text }: ConfValue): { readonly name: string; readonly isNegated: boolean } =>
  text.startsWith('!') ? { name: text.slice(1), isNegated: true } : { name: text, isNegated: false };

interface AclLine {
  readonly name: string;
  readonly type: string;
  readonly words: readonly ConfValue[];
}

/** Adds a line to an acl. Flags are words with a hyphen before the first value; `--` ends them. */
function addAcl(acls: Map<string, Acl>, { name, type, words }: AclLine): void {
  const end = words.findIndex(({ text }) => text === '--' || !/^[-+]/.test(text));
  const flags = words.slice(0, end === -1 ? words.length : end).map(({ text }) => text);
  const values = words.slice(flags.length).filter(({ text }) => text !== '--');
  const known = acls.get(name);
  const isFile = ({ text }: ConfValue): boolean => /^(?:"|parameters\()/.test(text);
  acls.set(name, {
    name,
    type: known?.type ?? type,
    flags: [...(known?.flags ?? []), ...flags],
    values: [...(known?.values ?? []), ...values.filter(value => !isFile(value))],
    files: [...(known?.files ?? []), ...values.filter(isFile)],
  });
}

/** The words of each directive. A backslash at the end of a line joins the next line, and `#` begins a comment. */
function* directives(text: string): Generator<readonly ConfValue[]> {
  let words: ConfValue[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const bare = whole.replace(/\r$/, '');
    const goesOn = bare.endsWith('\\');
    for (const found of bare.slice(0, goesOn ? -1 : undefined).matchAll(/"[^"]*"|[^ \t\v\f\r]+/g)) {
      if (found[0].startsWith('#')) break;
      words.push({ text: found[0], line: index + 1, column: found.index + 1 });
    }
    if (goesOn) continue;
    yield words;
    words = [];
  }
  yield words;
}

/** The path in a quoted word. Null for a relative one, which depends on Squid's working directory. */
export function pathIn({ text }: ConfValue): string | null {
  const path = /^(?:parameters\()?"([^"]*)"\)?$/.exec(text)?.[1] ?? '';
  return path.startsWith('/') ? path : null;
}

/** The configuration with the names of referenced files in their acls, and without includes that contain no access rules. */
export function withFiles(conf: AccessConf, files: NamedFiles, harmless: ReadonlySet<string>): AccessConf {
  const acls = [...conf.acls.values()].map(acl => {
    const isRead = (file: ConfValue): boolean => files.has(pathIn(file) ?? '');
    const named = acl.files.filter(isRead).flatMap(file => {
      const path = pathIn(file) ?? '';
      return listedLines(files.get(path) ?? '').map(({ text, line, column }) => ({
        text,
        line,
        column,
        file: path,
      }));
    });
    return {
      ...acl,
      values: [...acl.values, ...named],
      files: acl.files.filter(file => !isRead(file)),
    };
  });
  return {
    ...conf,
    acls: new Map(acls.map(acl => [acl.name, acl])),
    access: conf.access.filter(line => line.type !== 'include' || !harmless.has(line.pattern)),
  };
}
