import { apexOf } from './apex.ts';
import type { Dialect } from './dialect.ts';
import type { DomainNames } from './domain-names.ts';
import { Tally } from './tally.ts';
import type { HostRow } from './traffic-row.ts';

/** A name of more labels than this is nobody's habit: it is listed alone. */
const DEEPEST = 8;

/** An entry, and the hosts that it stands for. */
export interface RolledUp {
  readonly entry: string;
  readonly rows: readonly HostRow[];
}

/** What is to be named, and by what. */
export interface RollUpQuestion {
  /** Hosts to be named: names, not addresses. */
  readonly rows: readonly HostRow[];
  /** Hosts that no entry may name by the way: those denied, inside, or not to be taken for what they look like. */
  readonly barred: readonly Pick<HostRow, 'name'>[];
  readonly dialect: Pick<Dialect, 'forms'>;
  readonly names: DomainNames;
  /** So many hosts below a domain speak for all of it. */
  readonly minHosts: number;
}

/**
 * The smallest set of entries that the evidence carries: a domain's wide form where enough hosts below it are to be named, nobody
 * barred stands there, and all of it has one owner; narrowed as far as it still names the same hosts. Every other host by itself.
 */
export function rollUp(question: RollUpQuestion): readonly RolledUp[] {
  const { rows, dialect, minHosts } = question;
  const forms = formsByRow(question);
  const below = hostsByForm(forms);
  const named = new Set<HostRow>();
  const rolled = widestFirst(below, minHosts).flatMap(([form, all]): RolledUp[] => {
    const left = all.filter(row => !named.has(row));
    const [first] = left;
    if (!first || left.filter(({ name }) => name !== apexOf(form)).length < minHosts) return [];
    for (const row of left) named.add(row);
    const narrower = forms.get(first)?.find(other => namesAll(below.get(other) ?? [], left));
    return [{ entry: narrower ?? form, rows: left }];
  });
  const alone = rows.filter(row => !named.has(row));
  return [...rolled, ...alone.map(row => ({ entry: ownForm(dialect, row.name), rows: [row] }))];
}

/** The wide forms that may stand for each host, narrowest first; looked for only where a domain has enough hosts at all. */
function formsByRow({
  rows,
  barred,
  dialect,
  names,
  minHosts,
}: RollUpQuestion): ReadonlyMap<HostRow, readonly string[]> {
  const domains = new Tally();
  for (const { name } of rows) domains.add(names.registered(name) ?? '', 1, Number.POSITIVE_INFINITY);
  // everything under a multi-tenant domain belongs to different people, at whatever depth
  const mayRoll = ({ name }: Pick<HostRow, 'name'>): boolean => {
    const domain = names.registered(name);
    return domain !== null && domains.get(domain) >= minHosts && !names.isShared(domain);
  };
  const isBarred = new Set(barred.filter(mayRoll).flatMap(({ name }) => wideForms(dialect, name)));
  const mayStand = (form: string): boolean => !isBarred.has(form) && !names.isShared(apexOf(form));
  return new Map(rows.filter(mayRoll).map(row => [row, wideForms(dialect, row.name).filter(mayStand)]));
}

function hostsByForm(
  forms: ReadonlyMap<HostRow, readonly string[]>,
): ReadonlyMap<string, readonly HostRow[]> {
  const below = new Map<string, HostRow[]>();
  for (const [row, own] of forms)
    for (const form of own) {
      const hosts = below.get(form);
      if (hosts) hosts.push(row);
      else below.set(form, [row]);
    }
  return below;
}

type HostsOfForm = readonly [form: string, rows: readonly HostRow[]];

const widestFirst = (
  below: ReadonlyMap<string, readonly HostRow[]>,
  minHosts: number,
): readonly HostsOfForm[] =>
  [...below]
    .filter(([, rows]) => rows.length >= minHosts)
    .sort(([one], [other]) => labelsOf(one) - labelsOf(other) || one.length - other.length);

const labelsOf = (text: string): number => text.split('.').length;

const wideForms = (dialect: Pick<Dialect, 'forms'>, host: string): readonly string[] =>
  labelsOf(host) > DEEPEST
    ? []
    : dialect
        .forms(host)
        .slice(1)
        .map(({ entry }) => entry);

/** The form that names this host alone. */
export const ownForm = (dialect: Pick<Dialect, 'forms'>, host: string): string =>
  dialect.forms(host)[0]?.entry ?? host;

function namesAll(rows: readonly HostRow[], wanted: readonly HostRow[]): boolean {
  const named = new Set(rows);
  return wanted.every(row => named.has(row));
}
