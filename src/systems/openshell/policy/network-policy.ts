import type { Attempt, NearMiss, Policy, Ruling } from '../../../core/policy/dialect.ts';
import { normaliseHost, splitUrl } from '../../../core/host.ts';
import { insideKind } from '../../../core/policy/inside.ts';
import { nearestOf, siblings } from '../../../core/policy/nearness.ts';
import { globMatches, hostMatches } from './host-glob.ts';
import type { Endpoint, FoundPolicy, NetworkPolicy } from './read-policy.ts';

const HTTPS_PORT = 443;

/** A policy that allows a request if one named policy lists both its endpoint and its program. */
export function openShellPolicy({ policies }: FoundPolicy): Policy {
  const endpoints = policies.flatMap(policy => policy.endpoints);
  return {
    entries: endpoints.map(({ entry }) => entry),
    judge: attempt => rulingOn(policies, attempt),
    nearest: attempt => nearest(endpoints, asked(attempt)),
  };
}

interface Asked {
  readonly host: string;
  readonly port: number;
}

/** The request's host and port; without a port it is 443. */
const asked = ({ host, port, url }: Attempt): Asked => ({
  host: normaliseHost(host ?? '') ?? '',
  port: port ?? (url ? splitUrl(url).port : null) ?? HTTPS_PORT,
});

function rulingOn(policies: readonly NetworkPolicy[], attempt: Attempt): Ruling {
  const { host, port } = asked(attempt);
  const blocked = [host, ...(attempt.addresses ?? [])].find(isAlwaysBlocked);
  if (blocked !== undefined) return denied('resolves to always-blocked address');
  const program = attempt.tool?.startsWith('/') ? attempt.tool : null;
  const found = policies.flatMap(policy =>
    policy.endpoints
      .filter(endpoint => endpoint.ports.includes(port) && hostMatches(endpoint.host, host))
      .map(endpoint => ({ policy, endpoint })),
  );
  const fit = found.find(({ policy: { binaries } }) =>
    program === null ? binaries.length > 0 : binaries.some(path => isProgram(path, program)),
  );
  if (fit) return allowed(fit, program);
  const [other] = found;
  if (other?.policy.binaries.length === 0) return denied(`no program is listed in ${other.policy.key}`);
  if (other)
    return {
      ...denied(`${program ?? ''} is not listed in ${other.policy.key}`),
      notes: [`a program that was started by one of ${other.policy.binaries.join(', ')} may reach it`],
    };
  const isOpen = policies.some(({ hostless }) => hostless.includes(port));
  return isOpen
    ? {
        ...denied('no matching policy'),
        notes: ['a policy lists addresses without a host: they were not compared'],
      }
    : denied('no matching policy');
}

/** Whether the host is a loopback, link-local or unspecified address, which is never reachable. */
const isAlwaysBlocked = (host: string): boolean =>
  /^(?:loopback|link-local|unspecified|metadata)/.test(insideKind(host) ?? '') || host === 'localhost';

function allowed(
  { policy, endpoint }: { readonly policy: NetworkPolicy; readonly endpoint: Endpoint },
  program: string | null,
): Ruling {
  const notes = [
    ...(program === null ? [`only for ${policy.binaries.join(', ')}`] : []),
    ...(endpoint.isInspected
      ? ['its requests are looked at one by one: rules over them are not judged']
      : []),
  ];
  return {
    verdict: 'allow',
    interception: null,
    entry: endpoint.entry,
    rule: { name: policy.key, line: policy.line },
    reason: `allowed by ${policy.key}`,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const denied = (reason: string): Ruling => ({ verdict: 'deny', interception: null, entry: null, reason });

/** Whether a path matches a program. `*` matches within a folder, `**` across folders. */
const isProgram = (path: string, program: string): boolean =>
  path.includes('*') ? globMatches(path, program, '/') : path === program;

function nearest(endpoints: readonly Endpoint[], { host, port }: Asked): NearMiss | null {
  return nearestOf(
    endpoints.map(endpoint => ({ entry: endpoint.entry, endpoint })),
    ({ endpoint: { host: pattern, ports, entry } }) => {
      const base = pattern.toLowerCase().replace(/^\*+\.?/, '');
      if (hostMatches(pattern, host))
        return ports.includes(port)
          ? null
          : { rank: 100, why: `${pattern} is listed for port ${ports.join(', ')}, not ${port}` };
      if (host === base)
        return { rank: 95, why: `${pattern} names what is below ${base}, not ${base} itself` };
      if (host.endsWith(`.${base}`))
        return {
          rank: 90,
          why: pattern.includes('*')
            ? `${pattern} stands for one label; ${host} has more before ${base}`
            : `${pattern} is exact; ${host} is a subdomain`,
        };
      if (base.endsWith(`.${host}`)) return { rank: 70, why: `${entry.text} is below ${host}` };
      return siblings(entry.text, base, host);
    },
  );
}
