import type { Dialect, Entry, ListName, ParsedPolicy } from '../../../core/policy/dialect.ts';
import type { Node } from 'jsonc-parser';
import { listPolicy } from '../../../core/policy/list-policy.ts';
import { parseJsonText, membersOf } from '../../policy-text/json-text.ts';
import { TextReading } from '../../policy-text/text-reading.ts';
import { withLock, workspaceDialect } from './dialect.ts';

/** The keys of `workspace.json` with the lists for the next start. */
const LISTS: Readonly<Record<string, ListName>> = {
  egress_allow: 'allow',
  egress_passthrough: 'passthrough',
};

/** The dialect of a workspace's `workspace.json`. microagent writes that file, so every edit is refused. */
export const ownListsDialect = (workspace: string): Dialect => ({
  ...workspaceDialect,
  claims: () => false,
  parse,
  plan: () => ({
    type: 'refused',
    why: `these are the own lists of workspace ${workspace}, which microagent writes: edits need a policy file (start with --policy FILE)`,
  }),
});

function parse(text: string, path: string): ParsedPolicy {
  const reading = new Reading(text, path);
  const json = parseJsonText(text, 'json');
  if (json.type === 'tree' && json.root.type === 'object') {
    const entries = membersOf(json.root).flatMap(({ key, value }) => reading.entries(LISTS[key], value));
    return { type: 'valid', policy: withLock(listPolicy(entries)), problems: reading.problems };
  }
  reading.error(
    json.type === 'tree' ? 0 : json.offset,
    json.type === 'tree' ? 'no JSON object' : json.why,
    REMEDY,
  );
  return { type: 'invalid', problems: reading.problems };
}

const REMEDY = 'wait until microagent has written it, or name a policy with --policy FILE';

class Reading extends TextReading {
  /** The entries of a list. Items that are no text are skipped, because it is not known how microagent reads them. */
  entries(list: ListName | undefined, { type, children = [] }: Node): readonly Entry[] {
    if (list === undefined || type !== 'array') return [];
    return children.flatMap(item =>
      item.type === 'string'
        ? [{ list, text: String(item.value), ...this.place(item.offset), until: null }]
        : [],
    );
  }
}
