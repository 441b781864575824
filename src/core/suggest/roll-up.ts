import { apexOf } from '../apex.ts';
import type { Dialect } from '../policy/dialect.ts';
import type { DomainNames } from './domain-names.ts';
import { Tally } from '../traffic/tally.ts';
import type { HostRow } from '../traffic/host-row.ts';
import { each, stage, type Work } from '../work.ts';

/** The most labels of a name that can be rolled up. Deeper names get an entry of their own. */
const DEEPEST = 8;

/** An entry, and the hosts that it covers. */
export interface EntryRollUp {
  readonly entry: string;
  readonly rows: readonly HostRow[];
}

/** The names to roll up, and the options. */
export interface RollUpQuestion {
  /** Hosts that need an entry. They are names, not addresses. */
  readonly rows: readonly HostRow[];
  /** Hosts that no wide entry may cover: denied hosts, private ones, and look-alikes. */
  readonly barred: readonly Pick<HostRow, 'name'>[];
  readonly dialect: Pick<Dialect, 'forms' | 'covers'>;
  readonly names: DomainNames;
  /** The number of hosts below a domain that justifies an entry for all of it. */
  readonly minHosts: number;
}

/**
 * The smallest set of entries that covers the hosts. A domain gets a wide entry if enough hosts below it need one. None of the hosts
 * below it may be barred, and the domain must have one owner. A wide entry is as narrow as its hosts permit. Every other host gets its own
 * entry.
 */
export function* rollUp(question: RollUpQuestion): Work<readonly EntryRollUp[]> {
  const { rows, dialect, minHosts } = question;
  const forms = yield* stage(formsByRow(question), 0, 0.7);
  const below = yield* stage(hostsByForm(forms), 0.7, 0.8);
  const named = new Set<HostRow>();
  const rolled: EntryRollUp[] = [];
  for (const [form, all] of widestFirst(below, minHosts)) {
    const left: HostRow[] = [];
    yield* each(all, all.length, row => void (named.has(row) || left.push(row)));
    const apex = apexOf(form);
    const [first] = left;
    if (!first || left.length - Number(left.some(({ name }) => name === apex)) < minHosts) continue;
    yield* each(left, left.length, row => void named.add(row));
    const narrower = forms
      .get(first)
      ?.find(other => left.every(row => forms.get(row)?.includes(other) === true));
    rolled.push({ entry: narrower ?? form, rows: left });
    yield 0.9;
  }
  const add = (row: HostRow): void =>
    void (named.has(row) || rolled.push({ entry: ownForm(dialect, row.name), rows: [row] }));
  yield* each(rows, rows.length, add);
  return rolled;
}

/** The possible wide entries for each host, narrowest first. Only domains with enough hosts are considered. */
function* formsByRow({
  rows,
  barred,
  dialect,
  names,
  minHosts,
}: RollUpQuestion): Work<ReadonlyMap<HostRow, readonly string[]>> {
  const domains = new Tally();
  const count = ({ name }: HostRow): void =>
    domains.add(names.registered(name) ?? '', 1, Number.POSITIVE_INFINITY);
  yield* stage(each(rows, rows.length, count), 0, 0.3);
  // names below a multi-tenant domain have different owners, at any depth
  const mayRoll = ({ name }: Pick<HostRow, 'name'>): boolean => {
    const domain = names.registered(name);
    return domain !== null && domains.get(domain) >= minHosts && !names.isShared(domain);
  };
  const isBarred = new Set<string>();
  const barredNames = new Set<string>();
  const bar = (row: Pick<HostRow, 'name'>): void => {
    barredNames.add(row.name);
    if (mayRoll(row)) for (const form of wideForms(dialect, row.name)) isBarred.add(form);
  };
  yield* stage(each(barred, barred.length, bar), 0.3, 0.6);
  // in some systems an entry for all below a name covers the name itself, too
  const coversBarred = (form: string): boolean =>
    barredNames.has(apexOf(form)) && dialect.covers(form, apexOf(form));
  const mayStand = (form: string): boolean =>
    !isBarred.has(form) && !coversBarred(form) && !names.isShared(apexOf(form));
  const forms = new Map<HostRow, readonly string[]>();
  const look = (row: HostRow): void => {
    if (mayRoll(row)) forms.set(row, wideForms(dialect, row.name).filter(mayStand));
  };
  yield* stage(each(rows, rows.length, look), 0.6, 1);
  return forms;
}

function* hostsByForm(
  forms: ReadonlyMap<HostRow, readonly string[]>,
): Work<ReadonlyMap<string, readonly HostRow[]>> {
  const below = new Map<string, HostRow[]>();
  const put = ([row, own]: readonly [HostRow, readonly string[]]): void => {
    for (const form of own) {
      const hosts = below.get(form);
      if (hosts) hosts.push(row);
      else below.set(form, [row]);
    }
  };
  yield* each(forms, forms.size, put);
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

/** The entry for this host alone. */
export const ownForm = (dialect: Pick<Dialect, 'forms'>, host: string): string =>
  dialect.forms(host)[0]?.entry ?? host;
