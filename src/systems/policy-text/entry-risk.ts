import { insideKind, isMetadata } from '../../core/policy/inside.ts';
import type { Warning } from '../../core/policy/dialect.ts';
import { disguisedAddress } from '../../core/policy/disguised-address.ts';
import type { NeverMatches } from '../../core/policy/never-matches.ts';
import { suffixList } from './suffix-list.ts';

/** A remark on an entry, with its remedy. */
export interface Remark {
  readonly severity: Warning['severity'];
  readonly why: string;
  /** An imperative sentence without a full stop; null if no action is needed. */
  readonly remedy: string | null;
  /** The entry that does what this one seems to mean, if there is one. */
  readonly instead?: string;
  /** Set if no host can match the entry. */
  readonly neverMatches?: true;
}

/** A remark with the severity `warning`. */
export const warning = (why: string, remedy: string | null): Remark => ({ severity: 'warning', why, remedy });

const REMOVE = 'remove it';

/** A remark on an entry that does not do what it seems to. `instead`: the entry that does; null without one. */
export const misfit = (why: string, instead: string | null): Remark =>
  instead === null ? warning(why, REMOVE) : { ...warning(why, `write ${instead}`), instead };

/** A remark on an entry that no host can match. */
export const unmatchable = ({ why, instead, remedy }: NeverMatches): Remark => ({
  ...misfit(`never matches: ${why}`, instead),
  ...(remedy === undefined ? {} : { remedy }),
  neverMatches: true,
});

/** The remark as a warning before the entry is written. Nothing needs to be removed, but another entry may be better. */
export function beforeWriting(entry: string, remark: Remark): Warning {
  const { severity, why, remedy, instead, neverMatches } = remark;
  const isTold = instead !== undefined || (neverMatches && remedy !== null && remedy !== REMOVE);
  return {
    severity,
    entry,
    why: isTold ? `${why} (${remedy})` : why,
    ...(neverMatches ? { neverMatches } : {}),
  };
}

const danger = (why: string, remedy: string): Remark => ({ severity: 'danger', why, remedy });

/**
 * Names that resolve to private addresses by convention or RFC (6761, 6762 appendix G, 8375, 9476), or in a Kubernetes cluster or Consul.
 */
const INSIDE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|lan|home|home\.arpa|corp|intranet|private|svc|consul)$|^kubernetes(?:\.default)?$/;

/** The risk of an entry for this destination (lower-case, without dots at its ends); null for a public one. */
export function insideRisk(name: string): Remark | null {
  if (isMetadata(name))
    return danger('opens the cloud metadata service, which hands out credentials', 'remove it');
  const inside = insideKind(name);
  if (inside !== null)
    return danger(`opens an inside address (${inside})`, 'remove it unless the agent must reach it');
  if (INSIDE_NAME.test(name))
    return danger('opens an inside name', 'remove it unless the agent must reach it');
  return disguiseRisk(name);
}

/** The risk of a public name that a service resolves to the address in the name, or to the machine itself. */
function disguiseRisk(name: string): Remark | null {
  const disguise = disguisedAddress(name);
  if (disguise === null) return null;
  const { service, address } = disguise;
  if (address === null)
    return danger(
      `opens every address there is: ${service} resolves a name to the address written in it`,
      'remove it',
    );
  const kind = isMetadata(address) ? 'the cloud metadata service' : insideKind(address);
  const why = `is an address in disguise: ${service} resolves it to ${address}`;
  return kind === null ? warning(why, `write ${address}`) : danger(`${why} (${kind})`, 'remove it');
}

/** The risk of an entry for all names below `base`; null if they all have one owner. */
export function breadthRisk(base: string): Remark | null {
  if (!base.includes('.')) return warning('opens a whole top-level domain', `name the domain under .${base}`);
  if (suffixList().getDomain(base) === null && suffixList().getPublicSuffix(base) === base)
    return warning('opens a public suffix: everybody can register names there', 'name one domain');
  const shared = suffixList().getPublicSuffix(base, { allowPrivateDomains: true });
  return shared === base || SHARED_BY_TENANTS.has(base)
    ? warning('opens a multi-tenant domain: anybody can get a name there', "name your own tenant's host")
    : null;
}

/** Domains below which names can be rented. The Public Suffix List has them only in part. */
const SHARED_BY_TENANTS = new Set(
  'amazonaws.com cloudfront.net azure.com windows.net azurewebsites.net azureedge.net googleapis.com googleusercontent.com appspot.com run.app cloudfunctions.net herokuapp.com github.io githubusercontent.com gitlab.io pages.dev workers.dev r2.dev vercel.app netlify.app onrender.com fly.dev ngrok.io ngrok-free.app trycloudflare.com firebaseapp.com web.app blogspot.com wordpress.com myshopify.com sharepoint.com digitaloceanspaces.com backblazeb2.com oraclecloud.com replit.dev glitch.me surge.sh'.split(
    ' ',
  ),
);
