import type { Node } from 'yaml';
import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { YamlWalk, type YamlWord } from '../../policy-text/yaml-walk.ts';
import { hostFault } from './host-glob.ts';

/** One port of an endpoint of a network policy. */
export interface Endpoint {
  readonly policy: string;
  /** The index of the endpoint in `endpoints`. */
  readonly index: number;
  readonly host: string;
  readonly ports: readonly number[];
  readonly entry: Entry;
  /** Whether requests are inspected, so that the endpoint alone does not decide. */
  readonly isInspected: boolean;
}

/** A named set of endpoints, and the programs that may use them. */
export interface NetworkPolicy {
  readonly key: string;
  readonly line: number;
  readonly endpoints: readonly Endpoint[];
  /** The number of items in its list, including endpoints without a host. */
  readonly size: number;
  /** The paths of programs, which may contain `*`. */
  readonly binaries: readonly string[];
  /** Ports on which every host is reachable whose address is in `allowed_ips`. */
  readonly hostless: readonly number[];
}

/** The parts of a policy that rule on destinations. Not usable if the problems include an error. */
export interface FoundPolicy {
  readonly policies: readonly NetworkPolicy[];
  readonly problems: readonly Problem[];
}

/** Reads `network_policies` (`docs/reference/policy-schema.mdx`). */
export function readPolicy(text: string, path: string): FoundPolicy {
  const walk = new YamlWalk(text, path);
  const version = walk.word(walk.at(walk.root, 'version'));
  if (walk.problems.length === 0 && version?.text !== '1')
    walk.tell('error', version ?? { line: 1, column: 1 }, {
      why: version ? `version ${version.text} is not 1` : 'version is missing',
      remedy: 'write version: 1',
    });
  const policies = walk
    .members(walk.at(walk.root, 'network_policies'))
    .map(({ key, value }) => networkPolicy(walk, key, value));
  return { policies, problems: walk.problems };
}

function networkPolicy(walk: YamlWalk, key: YamlWord, value: Node | null): NetworkPolicy {
  const binaries = (walk.items(walk.at(value, 'binaries')) ?? []).flatMap(item => {
    const found = walk.word(walk.at(item, 'path')) ?? walk.word(item);
    return found ? [found.text] : [];
  });
  const items = walk.items(walk.at(value, 'endpoints')) ?? [];
  if (items.length === 0)
    walk.tell('warning', key, {
      why: `${key.text} has no endpoints: it permits nothing`,
      remedy: 'remove it',
    });
  if (binaries.length === 0)
    walk.tell('warning', key, {
      why: `${key.text} has no binaries: no program may reach its endpoints`,
      remedy: 'list programs as `- path: /usr/bin/curl`',
    });
  const found = items.map((item, index) => endpointAt(walk, item, { policy: key.text, index }));
  return {
    key: key.text,
    line: key.line,
    endpoints: found.flatMap(({ endpoint }) => endpoint ?? []),
    size: items.length,
    binaries,
    hostless: found.flatMap(({ hostless }) => hostless),
  };
}

interface FoundEndpoint {
  readonly endpoint: Endpoint | null;
  readonly hostless: readonly number[];
}

function endpointAt(
  walk: YamlWalk,
  node: Node | null,
  place: Pick<Endpoint, 'policy' | 'index'>,
): FoundEndpoint {
  const at = walk.placeOf(node);
  const ports = portsOf(walk, node);
  if (ports.length === 0)
    walk.tell('error', at, { why: 'an endpoint without a port', remedy: 'write port: 443' });
  const host = walk.word(walk.at(node, 'host'));
  if (!host) {
    const hasAddresses = (walk.items(walk.at(node, 'allowed_ips')) ?? []).length > 0;
    if (!hasAddresses)
      walk.tell('error', at, { why: 'an endpoint without a host', remedy: 'write host: api.example.com' });
    return { endpoint: null, hostless: hasAddresses ? ports : [] };
  }
  const fault = hostFault(host.text);
  if (fault !== null)
    walk.tell('error', host, { why: fault, remedy: 'name the hosts, or write *.example.com' });
  const [only] = ports;
  const protocol = walk.word(walk.at(node, 'protocol'))?.text;
  const entry: Entry = {
    list: 'allow',
    text: ports.length === 1 && only === 443 ? host.text : `${host.text}:${ports.join(',')}`,
    line: host.line,
    column: host.column,
    until: grantEnd(walk.text, host.offset),
  };
  const isInspected = protocol !== undefined && protocol !== 'tcp';
  return { endpoint: { ...place, host: host.text, ports, entry, isInspected }, hostless: [] };
}

function portsOf(walk: YamlWalk, node: Node | null): readonly number[] {
  const one = walk.word(walk.at(node, 'port'));
  const several = walk.items(walk.at(node, 'ports')) ?? [];
  const words = [...(one ? [one] : []), ...several.flatMap(item => walk.word(item) ?? [])];
  return words.flatMap(({ text, line, column }) => {
    const port = Number(text);
    if (Number.isInteger(port) && port > 0 && port <= 65_535) return [port];
    walk.tell('error', { line, column }, { why: `${text} is no port`, remedy: 'write a number up to 65535' });
    return [];
  });
}
