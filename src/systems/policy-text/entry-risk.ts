import { insideKind, isMetadata } from '../../core/policy/inside.ts';
import type { Warning } from '../../core/policy/dialect.ts';
import { disguisedAddress } from '../../core/policy/disguised-address.ts';
import type { NeverMatches } from '../../core/policy/never-matches.ts';
import { suffixList } from './suffix-list.ts';

/** A remark for the operator on an entry, and its remedy. */
export interface Remark {
  readonly severity: Warning['severity'];
  readonly why: string;
  /** An imperative sentence without a full stop; null where nothing need be done. */
  readonly remedy: string | null;
  /** The entry that does what this one seems to want, where there is one. */
  readonly instead?: string;
  /** No host could ever equal the entry. */
  readonly neverMatches?: true;
}

/** A remark that speaks of no danger. */
export const warning = (why: string, remedy: string | null): Remark => ({ severity: 'warning', why, remedy });

const REMOVE = 'remove it';

/** A remark on an entry that does not do what it seems to; null where no other entry does either. */
export const misfit = (why: string, instead: string | null): Remark =>
  instead === null ? warning(why, REMOVE) : { ...warning(why, `write ${instead}`), instead };

/** The remark on an entry that no host could ever equal. */
export const unmatchable = ({ why, instead, remedy }: NeverMatches): Remark => ({
  ...misfit(`never matches: ${why}`, instead),
  ...(remedy === undefined ? {} : { remedy }),
  neverMatches: true,
});

/** The remark on an entry that is not written yet: nothing need be removed, but another one may be meant. */
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

/** Names that resolve to the inside by convention or RFC (6761, 6762 appendix G, 8375, 9476), or in a Kubernetes cluster or Consul. */
const INSIDE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|lan|home|home\.arpa|corp|intranet|private|svc|consul)$|^kubernetes(?:\.default)?$/;

/** The risk of an entry that names this destination (lower-case, without dots at its ends); null for a public one. */
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

/** The risk of a public name that a service resolves to the address written in it, or to the machine itself. */
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

/** The risk of an entry that names everything below `base`; null where one owner has all of those names. */
export function breadthRisk(base: string): Remark | null {
  if (!base.includes('.')) return warning('opens a whole top-level domain', `name the domain under .${base}`);
  if (suffixList().getDomain(base) === null && suffixList().getPublicSuffix(base) === base)
    return warning('opens a public suffix: everybody can register names there', 'name one domain');
  const shared = suffixList().getPublicSuffix(base, { allowPrivateDomains: true });
  return shared === base || SHARED_BY_TENANTS.has(base)
    ? warning('opens a multi-tenant domain: anybody can get a name there', "name your own tenant's host")
    : null;
}

/** Parents of names that anybody can rent, which the Public Suffix List carries only level by level. */
const SHARED_BY_TENANTS = new Set(
  'amazonaws.com cloudfront.net azure.com windows.net azurewebsites.net azureedge.net googleapis.com googleusercontent.com appspot.com run.app cloudfunctions.net herokuapp.com github.io githubusercontent.com gitlab.io pages.dev workers.dev r2.dev vercel.app netlify.app onrender.com fly.dev ngrok.io ngrok-free.app trycloudflare.com firebaseapp.com web.app blogspot.com wordpress.com myshopify.com sharepoint.com digitaloceanspaces.com backblazeb2.com oraclecloud.com replit.dev glitch.me surge.sh'.split(
    ' ',
  ),
);
