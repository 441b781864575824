import { getDomain, getPublicSuffix } from 'tldts';
import { insideKind, isMetadata } from '../../core/address.ts';
import type { Entry, Policy, PolicyEdit, Warning } from '../../core/dialect.ts';
import { neverMatches } from '../../core/near-miss.ts';
import { entryCovers, normaliseEntry } from '../../core/policy.ts';
import type { Problem } from '../../core/problem.ts';

/** Names that resolve to the inside by convention or RFC (6761, 6762, 8375, 9476). */
const INSIDE_NAME = /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa|corp|intranet)$/;

/** Warnings over a whole policy, each at its entry. */
export function lintPolicy(entries: readonly Entry[], path: string): readonly Problem[] {
  return entries.flatMap((entry, index) => {
    const found = [...remarks(entry.text), ...among(entry, entries.slice(0, index), entries)];
    return found.map(({ why, remedy }) => ({
      source: path,
      line: entry.line,
      column: entry.column,
      severity: 'warning' as const,
      why: `${entry.text}: ${why}`,
      remedy,
    }));
  });
}

/** What to say before these entries are written: what they would open, and what will never work. */
export function warnOf(policy: Policy, edit: PolicyEdit): readonly Warning[] {
  return edit.flatMap(wish => {
    if (wish.type === 'remove') return [];
    const entry: Entry = { list: wish.list, text: wish.entry, line: 0, column: 0, until: wish.until ?? null };
    const staying = policy.entries.filter(
      other =>
        !edit.some(
          ({ type, list, entry: gone }) => type === 'remove' && list === other.list && same(gone, other.text),
        ),
    );
    return [...remarks(wish.entry), ...among(entry, staying, staying)].map(remark => ({
      severity: remark.severity,
      entry: wish.entry,
      why: remark.why,
    }));
  });
}

interface Remark {
  readonly severity: Warning['severity'];
  readonly why: string;
  readonly remedy: string | null;
}

const warning = (why: string, remedy: string | null): Remark => ({ severity: 'warning', why, remedy });

const same = (one: string, other: string): boolean => normaliseEntry(one) === normaliseEntry(other);

/** What an entry says by itself. */
function remarks(text: string): readonly Remark[] {
  const never = neverMatches(text);
  if (never)
    return [
      warning(`never matches: ${never.why}`, never.instead === null ? 'remove it' : `write ${never.instead}`),
    ];
  const name = normaliseEntry(text);
  const base = name.replace(/^\./, '');
  if (isMetadata(base))
    return [
      {
        severity: 'danger',
        why: 'opens the cloud metadata service, which hands out credentials',
        remedy: 'remove it',
      },
    ];
  const inside = insideKind(base);
  if (inside !== null)
    return [
      {
        severity: 'danger',
        why: `opens an inside address (${inside})`,
        remedy: 'remove it unless the agent must reach it',
      },
    ];
  if (INSIDE_NAME.test(base))
    return [
      { severity: 'danger', why: 'opens an inside name', remedy: 'remove it unless the agent must reach it' },
    ];
  return name.startsWith('.') ? wide(base) : [];
}

/** A suffix entry that opens more than one owner's names. */
function wide(base: string): readonly Remark[] {
  if (!base.includes('.'))
    return [warning('opens a whole top-level domain', `name the domain under .${base}`)];
  if (getDomain(base) === null && getPublicSuffix(base) === base)
    return [warning('opens a public suffix: everybody can register names there', 'name one domain')];
  const shared = getPublicSuffix(base, { allowPrivateDomains: true });
  if (shared === base || SHARED_BY_TENANTS.has(base))
    return [
      warning('opens a multi-tenant domain: anybody can get a name there', "name your own tenant's host"),
    ];
  return [];
}

/** Parents of names that anybody can rent, which the Public Suffix List carries only level by level. */
const SHARED_BY_TENANTS = new Set(
  'amazonaws.com cloudfront.net azure.com windows.net azurewebsites.net azureedge.net googleapis.com googleusercontent.com appspot.com run.app cloudfunctions.net herokuapp.com github.io githubusercontent.com gitlab.io pages.dev workers.dev r2.dev vercel.app netlify.app onrender.com fly.dev ngrok.io ngrok-free.app trycloudflare.com firebaseapp.com web.app blogspot.com wordpress.com myshopify.com sharepoint.com digitaloceanspaces.com backblazeb2.com oraclecloud.com replit.dev glitch.me surge.sh'.split(
    ' ',
  ),
);

/** What an entry says beside the others. `before` are those above it. */
function among(entry: Entry, before: readonly Entry[], all: readonly Entry[]): readonly Remark[] {
  const sameList = before.find(other => other.list === entry.list && same(other.text, entry.text));
  if (sameList) return [warning(`listed twice${placeOf(sameList)}`, 'remove one')];
  const suffix = all.find(
    other => other.list === entry.list && !same(other.text, entry.text) && covered(entry.text, other.text),
  );
  if (suffix)
    return [
      warning(
        `already covered by ${suffix.text}${placeOf(suffix)}`,
        'remove it, or keep it as a note to yourself',
      ),
    ];
  const opaque =
    entry.list === 'allow' && all.find(other => other.list === 'passthrough' && same(other.text, entry.text));
  return opaque
    ? [
        warning(
          `stands in passthrough too${placeOf(opaque)}, which wins: its TLS is never opened`,
          'remove it from one list',
        ),
      ]
    : [];
}

const covered = (text: string, suffix: string): boolean =>
  normaliseEntry(suffix).startsWith('.') && entryCovers(suffix, normaliseEntry(text).replace(/^\./, ''));

const placeOf = (entry: Entry): string => (entry.line > 0 ? ` (line ${entry.line})` : '');
