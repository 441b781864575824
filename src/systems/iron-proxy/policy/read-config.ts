import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import type { DocumentPath, Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { TextReading } from '../../policy-text/text-reading.ts';
import { parseYaml } from '../../policy-text/yaml-text.ts';

/** The allowlist in a configuration. Not usable if the problems include an error. */
export interface FoundAllowlist {
  /** The path of the domains, even if they are missing; null if no transform is an allowlist. */
  readonly path: DocumentPath | null;
  readonly line: number | null;
  readonly entries: readonly Entry[];
  /** `warn: true`: it rejects nothing. */
  readonly isWarnOnly: boolean;
  /** Address ranges and rules that allow requests besides the domains, with the line of the first. */
  readonly beside: readonly { readonly what: string; readonly line: number }[];
  readonly problems: readonly Problem[];
}

/** Reads the allowlist in a configuration of iron-proxy. */
export function readConfig(text: string, path: string): FoundAllowlist {
  const reading = new Reading(text, path);
  return reading.allowlist();
}

const NONE = { path: null, line: null, entries: [], isWarnOnly: false, beside: [] };

class Reading extends TextReading {
  allowlist(): FoundAllowlist {
    const { document, faults, target } = parseYaml(this.text, new LineCounter());
    for (const { offset, why } of faults) this.error(offset, `not YAML: ${why}`, 'mend the YAML there');
    if (faults.length > 0 || document === null) return { ...NONE, problems: this.problems };
    const follow = (node: unknown): unknown => {
      const alias = node as { readonly source?: string; readonly type?: string } | null;
      return alias !== null && typeof alias === 'object' && 'source' in alias && !isScalar(node)
        ? target(node as Parameters<typeof target>[0])
        : node;
    };
    const member = (map: unknown, key: string): Node | null => {
      const found = isMap(map)
        ? map.items.find(pair => isScalar(pair.key) && pair.key.value === key)
        : undefined;
      return (follow(found?.value ?? null) ?? null) as Node | null;
    };
    const transforms = member(document.contents, 'transforms');
    const items = isSeq(transforms) ? transforms.items.map(follow) : [];
    const index = items.findIndex(item => valueOf(member(item, 'name')) === 'allowlist');
    if (index === -1) return { ...NONE, problems: this.problems };
    const config = member(items[index], 'config');
    const domains = member(config, 'domains');
    const beside = (['cidrs', 'rules'] as const).flatMap(key => {
      const list = member(config, key);
      return isSeq(list) && list.items.length > 0
        ? [{ what: key, line: this.place(list.range?.[0] ?? 0).line }]
        : [];
    });
    return {
      path: ['transforms', index, 'config', 'domains'],
      line: domains?.range ? this.place(domains.range[0]).line : null,
      entries: this.#entries(domains, follow),
      isWarnOnly: valueOf(member(config, 'warn')) === true,
      beside,
      problems: this.problems,
    };
  }

  #entries(domains: Node | null, follow: (node: unknown) => unknown): readonly Entry[] {
    if (domains === null || (isScalar(domains) && domains.value === null)) return [];
    if (!isSeq(domains)) {
      this.error(domains.range?.[0] ?? 0, 'domains must be a list of names', 'write domains: [name]');
      return [];
    }
    return domains.items.flatMap((item, at): readonly Entry[] => {
      const node = follow(item);
      const range = (item as Node).range ?? [0, 0, 0];
      if (isScalar(node) && typeof node.value === 'string')
        return [
          { list: 'allow', text: node.value, ...this.place(range[0]), until: grantEnd(this.text, range[1]) },
        ];
      this.error(range[0], `domains[${at}] is not a text`, 'write a name in quotes');
      return [];
    });
  }
}

const valueOf = (node: Node | null): unknown => (isScalar(node) ? node.value : null);
