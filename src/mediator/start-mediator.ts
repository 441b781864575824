import type { AddressInfo } from 'node:net';
import { withFlags } from '../core/policy/flag-entries.ts';
import type { Problem } from '../core/problem.ts';
import { AuditLog } from './audit/audit-log.ts';
import { AuditSocket } from './audit/audit-socket.ts';
import { auditTail } from './audit/audit-tail.ts';
import { entriesOf, helloOf, policyMessage, reloadRecord } from './announcements.ts';
import { Questions } from './ask/questions.ts';
import { ByteMeter } from './byte-meter.ts';
import { canonicalAddress, spellDestination } from './origin/destination.ts';
import { describeFailure } from './origin/dial.ts';
import { keepAuthority } from './certificates/keep-authority.ts';
import { LiveAuthority } from './certificates/live-authority.ts';
import { LiveExchanges } from './live-exchanges.ts';
import { LivePolicy, type Reload } from './live-policy.ts';
import { ClientProcesses } from './process/client-processes.ts';
import { nameLater } from './process/name-later.ts';
import type { Mediation } from './mediation.ts';
import type { MediatorFigures } from './mediator-figures.ts';
import type { MediatorOptions } from './mediator-options.ts';
import { ProxyServer } from './proxy-server.ts';
import { originDial } from './origin/origin-dial.ts';
import { Recorder } from './audit/recorder.ts';
import type { TunnelRecord } from './tunnel/tunnel-event.ts';
import { createResolver } from './origin/resolver.ts';
import { trustedRoots } from './origin/secure-origin.ts';

/** A running mediator. */
export interface Mediator {
  /** Where it listens, as `127.0.0.1:8877`. */
  readonly address: string;
  /** The certificate that programs behind it must trust. */
  readonly certificatePath: string;
  readonly auditPath: string;
  readonly socketPath: string;
  /** The policy revision in force. */
  readonly revision: () => string;
  readonly figures: () => MediatorFigures;
  /** Waits until no program runs behind it; from then on none can begin to. */
  readonly released: () => Promise<void>;
  /** Closes every connection, the log and the socket. */
  readonly stop: () => Promise<void>;
}

/** A mediator, or the problems that kept it from starting. */
export type StartedMediator =
  | { readonly type: 'started'; readonly mediator: Mediator }
  | { readonly type: 'failed'; readonly problems: readonly Problem[] };

/** Starts a mediator: policy, certificates, audit log, socket, and last the port, so that nothing is let through that is not ruled and recorded. */
export async function startMediator(options: MediatorOptions): Promise<StartedMediator> {
  let onReload: (reload: Reload) => void = () => {};
  const policy = await LivePolicy.open(
    options.policyPath,
    withFlags(options.dialect, options.flags),
    reload => onReload(reload),
  );
  if (!(policy instanceof LivePolicy)) return { type: 'failed', problems: policy };
  try {
    const running = await assemble(options, policy);
    onReload = running.reloaded;
    return { type: 'started', mediator: running.mediator };
  } catch (error) {
    await policy.stop();
    return { type: 'failed', problems: [problemOf(error)] };
  }
}

interface RunningMediator {
  readonly mediator: Mediator;
  readonly reloaded: (reload: Reload) => void;
}

async function assemble(options: MediatorOptions, policy: LivePolicy): Promise<RunningMediator> {
  const { limits, now } = options;
  const authority = await LiveAuthority.open(options.authorityFolder, limits.leaves, now);
  const log = new AuditLog(options.auditPath, { bytes: limits.auditBytes, backups: limits.auditBackups });
  let address = '';
  const startedAt = now();
  const figures = (): MediatorFigures => ({
    decisions: { ...recorder.decisions, pending: questions?.held ?? 0 },
    connections: proxy.connections,
    isAuditWritten: recorder.trouble === null,
    isPolicyRejected: policy.rejection !== null,
    uptimeMs: Math.round(now() - startedAt),
  });
  const hello = (): object => ({
    ...helloOf(options, policy, address),
    auditTrouble: recorder.trouble,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: figures().uptimeMs,
    connections: figures().connections,
    decisions: figures().decisions,
    ...(questions && { rules: questions.rules }),
    caUntil: new Date(authority.until).toISOString(),
  });
  const trust = (): object => ({ certificates: authority.certificates, roots: options.upstreamRoots });
  const reload = async (): Promise<object> => {
    await kept.look();
    return policyMessage(await policy.reload(), now());
  };
  const socket = new AuditSocket(
    {
      hello,
      trust,
      reload,
      questions: () => questions,
      bypassed: fields => void recorder.record({ event: 'egress_bypass', ...fields, sampled: true }),
      stop: options.stopAsked,
    },
    limits,
  );
  socket.remember(auditTail(options.auditPath, limits.replay));
  const recorder = new Recorder(log, socket, {
    policy: () => (options.mode === 'off' ? null : policy.inForce.revision),
    now,
    isStrict: isStrict(options),
  });
  const kept = keepAuthority(authority, recorder, socket);
  const reconsider = (): void => {
    if (!options.keepsTunnels) proxy.reconsider();
  };
  const questions =
    options.mode === 'ask'
      ? new Questions({
          limits: limits.questions,
          now,
          record: record => recorder.record(record),
          tell: message => socket.tellOperators(message),
          isOpen: ({ host, port }) =>
            policy.inForce.policy.judge({ host, address: null, port }, { mode: 'ask' }).verdict === 'pending',
          reconsider,
        })
      : null;
  const processes = options.namesProcesses ? new ClientProcesses() : null;
  const proxy = new ProxyServer(
    mediationOf(options, { policy, authority, recorder, questions, processes, address: () => address }),
  );
  const stop = async (): Promise<void> => {
    kept.stop();
    await policy.stop();
    await proxy.close();
    await processes?.stop();
    questions?.stop();
    recorder.flush();
    await socket.close();
    log.close();
  };
  try {
    await socket.listen(options.socketPath);
    address = await listen(proxy, options.listen);
  } catch (error) {
    kept.stop();
    await socket.close();
    log.close();
    throw error;
  }
  proxy.server.on('error', error =>
    recorder.record({ event: 'egress_accept_trouble', error: describeFailure(error) }),
  );
  const inForce = options.mode === 'off' ? {} : entriesOf(policy);
  recorder.record({ event: 'egress_listen', addr: address, mode: options.mode, ...inForce });
  const reloaded = (change: Reload): void => {
    recorder.record(reloadRecord(change, policy));
    socket.tell(policyMessage(change, now()));
    if (change.type === 'applied') {
      questions?.settle();
      reconsider();
    }
    options.policyReloaded(change);
  };
  const { auditPath, socketPath } = options;
  const { certificatePath } = authority;
  const revision = (): string => policy.inForce.revision;
  const released = (): Promise<void> => socket.released();
  const files = { certificatePath, auditPath, socketPath };
  return { mediator: { address, ...files, revision, figures, released, stop }, reloaded };
}

/** The parts of a mediation, beside its options. */
interface Parts {
  readonly policy: LivePolicy;
  readonly authority: LiveAuthority;
  readonly recorder: Recorder;
  readonly questions: Questions | null;
  readonly processes: ClientProcesses | null;
  /** Where it listens; empty until it does. */
  readonly address: () => string;
}

function mediationOf(
  options: MediatorOptions,
  { policy, authority, recorder, questions, processes, address }: Parts,
): Mediation {
  const { limits, now, mode, interceptsUnlisted } = options;
  const later = (record: TunnelRecord): void => nameLater(record, named => void recorder.record(named));
  return {
    rules: caller => ({
      policy: policy.inForce.policy,
      mode,
      interceptsUnlisted,
      ...(questions && {
        answerFor: destination => questions.answerFor(caller, destination),
        asked: questions.askedOf(caller),
      }),
    }),
    questions,
    resolver: createResolver(options.pins, options.lookup, limits),
    ...originDial(options.upstreamProxy, limits.connectTimeoutMs),
    trust: trustedRoots(options.upstreamRoots),
    leaves: host => authority.leaf(host),
    limits,
    meter: new ByteMeter(limits.bytesPerAgent),
    live: new LiveExchanges(),
    isSelf: (host, port) => spellDestination({ host, port }) === address(),
    processes,
    record: record => {
      later(record);
      return blockedBy(options, recorder.record(record));
    },
    recordThen: (record, written) => {
      later(record);
      recorder.recordThen(record, trouble => written(blockedBy(options, trouble)));
    },
    blocked: () => {
      recorder.retry();
      return blockedBy(options, recorder.trouble);
    },
    now,
    keepsQueries: options.keepsQueries,
  };
}

function listen(proxy: ProxyServer, { host, port }: MediatorOptions['listen']): Promise<string> {
  return new Promise((resolve, reject) => {
    proxy.server.once('error', reject);
    proxy.server.listen(port, host, () => {
      const bound = proxy.server.address() as AddressInfo; // a TCP server has one once it listens
      resolve(spellDestination({ host: canonicalAddress(bound.address), port: bound.port }));
    });
  });
}

/** An audit log that cannot be written stops a strict mediator: nothing leaves unrecorded. */
function blockedBy(options: MediatorOptions, trouble: string | null): string | null {
  if (!isStrict(options) || trouble === null) return null;
  return `the audit log cannot be written (${trouble}); strict mode lets nothing new through`;
}

/** Asking is strict: only what is listed or answered is let through, and nothing unrecorded. */
const isStrict = ({ mode }: MediatorOptions): boolean => mode === 'strict' || mode === 'ask';

const problemOf = (error: unknown): Problem => ({
  source: 'mediator',
  line: null,
  column: null,
  severity: 'error',
  why: describeFailure(error),
  remedy: null,
});
