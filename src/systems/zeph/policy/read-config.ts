import type { AST } from 'toml-eslint-parser';
import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { TextReading } from '../../policy-text/text-reading.ts';
import { parseToml, tomlAt } from '../../policy-text/toml-document.ts';

/** A policy list as it stands in the configuration; without a line where its key is not written. */
export interface FoundList {
  readonly name: ListName;
  readonly path: readonly string[];
  readonly line: number | null;
  readonly entries: readonly Entry[];
}

/** A switch that is written in the configuration. */
export interface FoundSwitch {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly value: string | boolean;
}

/** The egress settings of zeph's configuration. They are void where the problems hold an error. */
export interface FoundConfig {
  readonly lists: readonly FoundList[];
  readonly switches: readonly FoundSwitch[];
  readonly problems: readonly Problem[];
}

/** Where the two lists stand (`crates/zeph-tools`, ScrapeConfig). */
export const LIST_PATHS = {
  allow: ['tools', 'scrape', 'allowed_domains'],
  deny: ['tools', 'scrape', 'denied_domains'],
} as const;

const SWITCHES = [
  ['tools', 'egress', 'enabled'],
  ['tools', 'egress', 'log_blocked'],
  ['tools', 'audit', 'enabled'],
  ['tools', 'audit', 'destination'],
] as const;

/** Reads a zeph configuration; every problem names its place. A wrong type is an error, as for zeph, which then keeps its old configuration. */
export function readConfig(text: string, path: string): FoundConfig {
  const reading = new Reading(text, path);
  const parsed = parseToml(text);
  if (parsed.type === 'invalid') {
    reading.error(parsed.offset, `not TOML: ${parsed.why}`, 'mend the TOML there');
    return { lists: [], switches: [], problems: reading.problems };
  }
  const lists = [
    reading.list(parsed.program, 'allow', LIST_PATHS.allow),
    reading.list(parsed.program, 'deny', LIST_PATHS.deny),
  ];
  const switches = SWITCHES.flatMap(keys => reading.switchAt(parsed.program, keys));
  return { lists, switches, problems: reading.problems };
}

const BEHIND_ENTRY = /[ \t]*,?[ \t]*#/y;

class Reading extends TextReading {
  list(program: AST.TOMLProgram, name: 'allow' | 'deny', path: readonly string[]): FoundList {
    const found = tomlAt(program, path);
    if (found === null) return { name, path, line: null, entries: [] };
    const offset = found.node.range[0];
    const { line } = this.place(offset);
    const none: FoundList = { name, path, line, entries: [] };
    if (found.type === 'obstacle' && found.path.length < path.length) {
      this.#notATable(offset, found.path);
    } else if (found.type !== 'value' || found.node.type !== 'TOMLArray') {
      const key = path.join('.');
      this.error(offset, `${key} must be a list of names`, `write ${path.at(-1)} = ["name"]`);
    } else {
      return { ...none, entries: found.node.elements.flatMap((item, at) => this.#entry(item, name, at)) };
    }
    return none;
  }

  switchAt(program: AST.TOMLProgram, path: readonly string[]): FoundSwitch[] {
    const found = tomlAt(program, path);
    if (found?.type !== 'value' || found.node.type !== 'TOMLValue') return [];
    const { value, range } = found.node;
    if (typeof value !== 'boolean' && typeof value !== 'string') return [];
    return [{ path: path.join('.'), ...this.place(range[0]), value }];
  }

  #notATable(offset: number, path: readonly string[]): void {
    const key = path.join('.');
    if (this.problems.some(({ why }) => why.startsWith(`${key} must`))) return;
    this.error(offset, `${key} must be a table`, `write [${key}] once, and its keys below it`);
  }

  #entry(node: AST.TOMLContentNode, list: ListName, index: number): Entry[] {
    if (node.type !== 'TOMLValue' || node.kind !== 'string') {
      const key = LIST_PATHS[list === 'allow' ? 'allow' : 'deny'].join('.');
      this.error(node.range[0], `${key}[${index}] is not a text`, 'write a name in quotes');
      return [];
    }
    return [{ list, text: node.value, ...this.place(node.range[0]), until: this.#until(node.range[1]) }];
  }

  /** The end of a grant, where nothing but the entry's comma stands before the comment: behind several it is nobody's. */
  #until(end: number): number | null {
    BEHIND_ENTRY.lastIndex = end;
    return BEHIND_ENTRY.test(this.text) ? grantEnd(this.text, end) : null;
  }
}
