import { resolve } from 'node:path';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { Failure } from '../../core/failure.ts';
import { holdMediator, type HeldMediator, type HoldNews } from './hold-mediator.ts';
import { startMediatorChild } from './mediator-child.ts';
import { spellFlags } from './mediator-flags.ts';
import type { RunFlags } from './run-flags.ts';

/** A mediator that is started for a program takes a free port, to leave the usual one for `mediator`. */
export const ANY_PORT = '127.0.0.1:0';
/** The number of attempts, and the texts that show that another run was faster. Runs that begin at the same moment share one mediator. */
const ATTEMPTS = 5;
const SERVED = 'a mediator already serves';
/** The mediator for a program: its address, the hold on it, and a function that releases it. */
export interface JoinedMediator {
  readonly address: string;
  readonly hello: MediatorHello;
  readonly held: HeldMediator;
  readonly letGo: () => Promise<void>;
}

/** Holds the running mediator, or starts one. It tries again if another run was faster, or if the mediator just ended. */
export async function joinedOrStarted(
  options: MediatorOptions,
  flags: RunFlags,
  news: HoldNews,
): Promise<JoinedMediator> {
  for (let attempt = 1; ; attempt++) {
    const joined = await join(options, flags, news);
    if (joined) return joined;
    try {
      return await start(options, flags, news);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Failure) || !error.message.includes(SERVED)) throw error;
    }
  }
}

async function join(
  options: MediatorOptions,
  flags: RunFlags,
  news: HoldNews,
): Promise<JoinedMediator | null> {
  const hello = await readHello(options.socketPath);
  if (!hello) return null;
  requireSame(hello, flags);
  const held = await holdMediator(options.socketPath, news, flags.confine !== undefined);
  return held && { address: hello.listen, hello, held, letGo: async () => undefined };
}

/** Starts the mediator in its own process. It outlives this process while other programs use it. */
async function start(options: MediatorOptions, flags: RunFlags, news: HoldNews): Promise<JoinedMediator> {
  const {
    agent: _,
    tool: __,
    socket: ___,
    socks: ____,
    confine: _____,
    recordBypass: ______,
    listen = ANY_PORT,
    ...rest
  } = flags;
  const child = await startMediatorChild(options.socketPath, spellFlags({ listen, ...rest }));
  const held = await holdMediator(options.socketPath, news, flags.confine !== undefined);
  if (!held) throw new Failure('the mediator ended as soon as it was started');
  return { address: child.hello.listen, hello: child.hello, held, letGo: child.stop };
}

/** Throws a Failure for flags that the running mediator does not have. */
function requireSame(hello: MediatorHello, flags: RunFlags): void {
  const differs =
    (flags.policy !== undefined && resolve(flags.policy) !== hello.policyPath) ||
    (flags.mode !== undefined && flags.mode !== hello.mode) ||
    !isWithin(flags, hello.flags) ||
    (flags.audit !== undefined && resolve(flags.audit) !== hello.audit) ||
    (flags.caDir !== undefined && resolve(flags.caDir) !== hello.authority) ||
    (flags.resolve ?? []).length > 0 ||
    (flags.upstreamCa ?? []).length > 0;
  if (differs)
    throw new Failure(
      `a mediator is already up on ${hello.listen} (${hello.mode}, ${hello.policyPath ?? 'no policy'}); stop it, or name another --socket to start your own`,
    );
}

const isWithin = ({ allow = [], passthrough = [] }: RunFlags, has: MediatorHello['flags']): boolean =>
  allow.every(entry => has.allow.includes(entry)) &&
  passthrough.every(entry => has.passthrough.includes(entry));
