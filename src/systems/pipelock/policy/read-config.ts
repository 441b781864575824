import type { Node } from 'yaml';
import type { DocumentPath, Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { YamlWalk } from '../../policy-text/yaml-walk.ts';

/** The paths of the lists (`internal/config/schema.go`). */
export const LIST_PATHS: Readonly<Record<ListName, readonly string[]>> = {
  allow: ['api_allowlist'],
  deny: ['fetch_proxy', 'monitoring', 'blocklist'],
  passthrough: ['tls_interception', 'passthrough_domains'],
};

/** A list in the configuration. Its line is null if the file does not hold it. */
export interface FoundList {
  readonly name: ListName;
  readonly path: DocumentPath;
  readonly line: number | null;
  readonly entries: readonly Entry[];
}

/** The parts of a configuration that rule on hosts. Not usable if the problems include an error. */
export interface FoundConfig {
  readonly lists: readonly FoundList[];
  readonly mode: 'strict' | 'balanced' | 'audit';
  /** False: requests that would be blocked are only logged. */
  readonly enforces: boolean;
  /** Whether the proxy opens TLS. */
  readonly opensTls: boolean;
  /** False if `internal` is an empty list: private addresses are then reachable. */
  readonly guardsInside: boolean;
  readonly problems: readonly Problem[];
}

const MODES = ['strict', 'balanced', 'audit'] as const;

/** The absolute path of the audit log in a configuration. Null for standard output, and for an unknown place. */
export function loggedTo(text: string, path: string): string | null {
  const walk = new YamlWalk(text, path);
  const [output, file] = ['output', 'file'].map(
    key => walk.word(walk.at(walk.root, 'logging', key))?.text ?? '',
  );
  return (output === 'file' || output === 'both') && file?.startsWith('/') ? file : null;
}

/** Reads the lists and the switches that rule on hosts. A wrong type is an error. */
export function readConfig(text: string, path: string): FoundConfig {
  const walk = new YamlWalk(text, path);
  const lists = (['allow', 'deny', 'passthrough'] as const).map(name => listAt(walk, name));
  const mode = walk.word(walk.at(walk.root, 'mode'));
  const known = MODES.find(each => each === (mode?.text ?? 'balanced'));
  if (mode && !known)
    walk.tell('error', mode, {
      why: `invalid mode "${mode.text}"`,
      remedy: 'write strict, balanced or audit',
    });
  const included = walk.word(walk.at(walk.root, 'logging', 'include_allowed'));
  if (included?.text === 'false')
    walk.tell('warning', included, {
      why: 'allowed requests are not logged: the log shows denials and findings only',
      remedy: 'set it to true',
    });
  const inside = walk.items(walk.at(walk.root, 'internal'));
  return {
    lists,
    mode: known ?? 'balanced',
    enforces: walk.word(walk.at(walk.root, 'enforce'))?.text !== 'false' && known !== 'audit',
    opensTls: walk.word(walk.at(walk.root, 'tls_interception', 'enabled'))?.text === 'true',
    guardsInside: inside === null || inside.length > 0,
    problems: walk.problems,
  };
}

function listAt(walk: YamlWalk, name: ListName): FoundList {
  const path = LIST_PATHS[name];
  const node = walk.at(walk.root, ...path);
  const items = walk.items(node);
  if (node !== null && items === null && walk.word(node) !== null)
    walk.tell('error', walk.placeOf(node), {
      why: `${path.join('.')} must be a list of names`,
      remedy: 'write one `- name` a line below the key',
    });
  const entries = (items ?? []).flatMap(item => entryAt(walk, item, name));
  return { name, path, line: node === null ? null : walk.placeOf(node).line, entries };
}

function entryAt(walk: YamlWalk, node: Node | null, list: ListName): readonly Entry[] {
  const word = walk.word(node);
  if (!word) {
    walk.tell('error', walk.placeOf(node), { why: 'an entry is a name', remedy: 'remove it' });
    return [];
  }
  const { text, offset, line, column } = word;
  return [{ list, text, line, column, until: grantEnd(walk.text, offset) }];
}
