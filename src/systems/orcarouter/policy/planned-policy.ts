import type { DocumentPath, ListChange } from '../../../core/policy/dialect.ts';
import { sameEntry } from './entry-kind.ts';
import { HostSet } from './host-set.ts';
import type { EgressList, FirewallPolicy, Rule } from './policy-model.ts';
import type { NewRule } from './new-rule.ts';

/** A side of a list. */
export type Side = 'deny' | 'allow';

/** The planned changes of one rule's list. Indices refer to the unchanged file. */
interface RuleChange {
  readonly rule: Rule;
  readonly list: EgressList;
  readonly removed: Readonly<Record<Side, Set<number>>>;
  readonly added: Readonly<Record<Side, string[]>>;
}

/** A policy with the changes planned so far, and those changes. */
export class Draft {
  readonly #original: FirewallPolicy;
  readonly #changes = new Map<Rule, RuleChange>();
  #inserted: { readonly place: NewRule; readonly hosts: string[] } | null = null;

  constructor(policy: FirewallPolicy) {
    this.#original = policy;
  }

  /** The policy with its changed rules, including the new one. */
  get policy(): FirewallPolicy {
    const rules = this.#original.rules.map(rule => drafted(rule, this.#changes.get(rule)));
    if (!this.#inserted) return { ...this.#original, rules };
    const { place, hosts } = this.#inserted;
    return { ...this.#original, rules: rules.toSpliced(place.index, 0, place.rule(hosts)) };
  }

  /** Adds an entry to a rule of the file, or to the inserted one. */
  add(rule: Rule, side: Side, entry: string): void {
    const own = this.#ownOf(rule);
    if (own?.egress) this.#changeOf(own, own.egress).added[side].push(entry);
    else this.#inserted?.hosts.push(entry);
  }

  insert(place: NewRule, host: string): void {
    this.#inserted = { place, hosts: [host] };
  }

  /** Removes the entry from that side of a rule. Returns whether it was there. */
  remove(rule: Rule, side: Side, entry: string): boolean {
    const own = this.#ownOf(rule);
    if (!own?.egress) return false;
    const found = own.egress[side].entries.flatMap(({ text }, index) =>
      sameEntry(text, entry) ? [index] : [],
    );
    if (found.length > 0) for (const index of found) this.#changeOf(own, own.egress).removed[side].add(index);
    return found.length > 0;
  }

  get isUnchanged(): boolean {
    return this.#changes.size === 0 && this.#inserted === null;
  }

  /** The changes of the document, or why one of the rules must not be left in its state. */
  changes(): readonly ListChange[] | string {
    const changes: ListChange[] = [];
    for (const change of this.#changes.values()) {
      const end = endOf(change);
      if (end.type === 'refused') return end.why;
      if (end.type === 'gone')
        changes.push({ type: 'remove', path: this.#rulesPath, index: change.rule.index });
      else changes.push(...listChanges(change));
    }
    if (!this.#inserted) return changes;
    const { place, hosts } = this.#inserted;
    return [
      ...changes,
      { type: 'insert', path: this.#rulesPath, index: place.index, item: place.item(hosts) },
    ];
  }

  get #rulesPath(): DocumentPath {
    return [...this.#original.path, 'rules'];
  }

  #ownOf(rule: Rule): Rule | null {
    return (
      this.#original.rules.find(({ line, column }) => line === rule.line && column === rule.column) ?? null
    );
  }

  #changeOf(rule: Rule, list: EgressList): RuleChange {
    const change = this.#changes.get(rule) ?? {
      rule,
      list,
      removed: { deny: new Set<number>(), allow: new Set<number>() },
      added: { deny: [], allow: [] },
    };
    this.#changes.set(rule, change);
    return change;
  }
}

function drafted(rule: Rule, change: RuleChange | undefined): Rule {
  if (!change) return rule;
  const side = (name: Side): HostSet => {
    const added = change.added[name].map(text => ({ list: name, text, line: 0, column: 0, until: null }));
    return new HostSet([...staying(change, name), ...added]);
  };
  return { ...rule, egress: { ...change.list, deny: side('deny'), allow: side('allow') } };
}

const staying = ({ list, removed }: RuleChange, side: Side): EgressList['deny']['entries'] =>
  list[side].entries.filter((_, index) => !removed[side].has(index));

type End =
  { readonly type: 'stays' } | { readonly type: 'gone' } | { readonly type: 'refused'; readonly why: string };

/** The final state of a list. It must not apply to everything, nor be one that OrcaRouter refuses to save. */
function endOf(change: RuleChange): End {
  const { name, verdict } = change.rule;
  const left = (side: Side): number => staying(change, side).length + change.added[side].length;
  const [scope, exceptions] =
    verdict === 'allow' ? [left('allow'), left('deny')] : [left('deny'), left('allow')];
  const had = (verdict === 'allow' ? change.list.allow : change.list.deny).entries.length;
  if (scope > 0 || (had === 0 && exceptions > 0)) return { type: 'stays' };
  if (verdict !== 'allow' && verdict !== 'audit')
    return refusedEnd(
      `the rule "${name}" (line ${change.rule.line}) would be left without a destination of its own and would then ${verdict} every one; take the rule away by hand if that is meant`,
    );
  if (exceptions > 0)
    return refusedEnd(
      `the rule "${name}" (line ${change.rule.line}) would be left with nothing but its exceptions; edit it by hand`,
    );
  return { type: 'gone' };
}

const refusedEnd = (why: string): End => ({ type: 'refused', why });

function listChanges({ list, removed, added }: RuleChange): readonly ListChange[] {
  const place = (side: Side) =>
    list.isEmbedded ? { path: list.path, within: [side] } : { path: [...list.path, side] };
  return (['deny', 'allow'] as const).flatMap(side => [
    ...added[side].map(value => ({ type: 'add' as const, ...place(side), value, comment: null })),
    ...[...removed[side]].map(index => ({ type: 'remove' as const, ...place(side), index })),
  ]);
}
