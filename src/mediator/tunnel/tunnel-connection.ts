import type { Socket } from 'node:net';
import { admit } from '../admit.ts';
import { HeldClient } from '../ask/asker.ts';
import { attemptFields, type Caller } from '../caller.ts';
import { collectOpening } from './collect-opening.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import { describeFailure } from '../origin/dial.ts';
import { hangUp } from '../hang-up.ts';
import { letGo } from '../let-go.ts';
import type { Mediation } from '../mediation.ts';
import { ruleAgain, ruleReach, type Reach } from '../origin/reach.ts';
import type { ResolvedTarget } from '../origin/resolver.ts';
import { OriginReader } from '../origin/origin-reader.ts';
import { ruleAttempt, type Permit, type Rules } from '../rule-attempt.ts';
import { relay } from './relay.ts';
import type { TunnelAnswers } from './tunnel-answers.ts';
import type { TunnelVolume, TunnelAction, TunnelEvent, TunnelRecord } from './tunnel-event.ts';
import { type ServeTunnel, TunnelInterception } from './tunnel-interception.ts';
import { openTunnel, stepTunnel, type TunnelState } from './tunnel.ts';

/** A CONNECT as it was received, or another request for a tunnel. */
export interface ConnectRequest {
  readonly client: Socket;
  readonly answers: TunnelAnswers;
  readonly head: Buffer;
  readonly to: CanonicalDestination;
  readonly caller: Caller;
}

/** Carries out what the tunnel's state machine says, on real sockets, and tells it what happened. */
export class TunnelConnection {
  readonly #mediation: Mediation;
  readonly #serve: ServeTunnel;
  readonly #request: ConnectRequest;
  readonly #startedAt: number;
  #state: TunnelState;
  #resolved: ResolvedTarget | null = null;
  #origin: Socket | null = null;
  #reader: OriginReader | null = null;
  #intercepting: TunnelInterception | null = null;
  /** While the client's first words are waited for: ends that. */
  #stopListening: (() => void) | null = null;
  #permit: Permit | null = null;
  readonly #held: HeldClient;
  #timer: NodeJS.Timeout | null = null;

  constructor(mediation: Mediation, serve: ServeTunnel, request: ConnectRequest) {
    this.#mediation = mediation;
    this.#serve = serve;
    this.#request = request;
    this.#held = new HeldClient(request.client);
    this.#startedAt = mediation.now();
    this.#state = openTunnel(request.to);
  }

  /** Rules on the tunnel and starts it. */
  start(): void {
    const { client, head, to, caller } = this.#request;
    if (head.length > 0) client.unshift(head);
    const refused = admit(this.#mediation, caller);
    if (refused) {
      this.#mediation.record(this.#recordOf(refused.record));
      this.#refuse(refused.status, refused.reason, null);
      return;
    }
    const { whileHeld } = this.#held;
    const reach = ruleReach(this.#mediation, to, { caller, url: null, method: null, whileHeld });
    // After a look-up a policy may have been applied: ruled on again in the turn in which the tunnel can be reconsidered.
    const again = (found: Reach): void => this.#reached(ruleAgain(this.#rules(), to, found));
    if (reach instanceof Promise) this.#spawn(reach.then(again));
    else this.#reached(reach);
  }

  #rules(): Rules {
    return this.#mediation.rules(this.#request.caller);
  }

  #reached(reach: Reach): void {
    if (reach.type === 'unresolved') return this.#tell(reach);
    if (reach.type === 'denial') return this.#tell({ type: 'ruled', ruling: reach });
    this.#resolved = reach.resolved;
    this.#permit = reach.permit;
    this.#tell({ type: 'ruled', ruling: reach.permit });
  }

  /** Asks the rules in force again; a tunnel that would not be permitted any more, or not in the same way, is closed. */
  reconsider(): void {
    if (!this.#resolved || this.#state.type === 'closed') return;
    const ruling = ruleAttempt(this.#rules(), this.#request.to, this.#resolved);
    if (ruling.type === 'permit' && ruling.interception === this.#permit?.interception) return;
    const now = ruling.type === 'denial' ? ruling.reason : ruling.interception;
    this.#tell({ type: 'entry-lost', reason: `policy changed: ${now}`, moved: this.#moved() });
  }

  /** The client's connection is closed. */
  left(): void {
    if (this.#held.leave()) return; // denied as unanswered, with its record
    this.#tell({ type: 'ended', moved: this.#moved() });
    this.#clearTimer();
    letGo(this.#request.client);
    if (this.#origin) letGo(this.#origin, () => this.#reader?.letGo());
  }

  /** Closes at once, as when the mediator stops. */
  stop(): void {
    this.#request.client.destroy();
    this.#origin?.destroy();
  }

  #tell(event: TunnelEvent): void {
    const [state, actions] = stepTunnel(this.#state, event);
    this.#state = state;
    if (state.type === 'closed' || state.type === 'open') this.#clearTimer();
    this.#carryOutFrom(0, actions, state.type === 'closed');
  }

  /** Carries out the rest of the actions of a step. Those behind a record wait until it is written: nothing passes before. */
  #carryOutFrom(first: number, actions: readonly TunnelAction[], isClosing: boolean): void {
    for (let at = first; at < actions.length; at += 1) {
      if (!isClosing && this.#state.type === 'closed') return; // it was lost meanwhile, or could not be recorded
      const action = actions[at];
      if (action?.type === 'record') {
        this.#mediation.recordThen(this.#recordOf(action.record), why => {
          if (why !== null) this.#tell({ type: 'unrecorded', why });
          this.#carryOutFrom(at + 1, actions, isClosing);
        });
        return;
      }
      if (action) this.#carryOut(action);
    }
  }

  #carryOut(action: Exclude<TunnelAction, { readonly type: 'record' }>): void {
    switch (action.type) {
      case 'record-at-once':
        return this.#recordOrClose(action.record);
      case 'refuse':
        return this.#refuse(action.status, action.reason, action.nearest);
      case 'dial':
        return this.#spawn(this.#dial());
      case 'establish':
        return this.#establish();
      case 'relay':
        return this.#relay();
      case 'serve-cleartext':
        return this.#interception()?.serveCleartext();
      case 'secure-origin':
        return this.#spawn(this.#interception()?.secureOrigin(action.protocols));
      case 'secure-client':
        return this.#spawn(this.#interception()?.secureClient(action.broken));
      case 'close':
        return this.stop();
    }
  }

  /** None of the steps rejects but by a bug of ours: then this tunnel fails closed. */
  #spawn(step: Promise<void> | undefined): void {
    step?.catch((error: unknown) => {
      this.stop();
      throw error;
    });
  }

  /** The record with who asks, and for which host. */
  #recordOf(fields: TunnelRecord): TunnelRecord {
    const { to, caller } = this.#request;
    return { ...fields, ...attemptFields(to.host, caller) };
  }

  #recordOrClose(fields: TunnelRecord): void {
    const why = this.#mediation.record(this.#recordOf(fields));
    if (why !== null) this.#tell({ type: 'unrecorded', why });
  }

  #refuse(status: number, reason: string, nearest: string | null): void {
    const { client, to, answers } = this.#request;
    hangUp(client, answers.refused({ status, host: to.host, reason, nearest }));
    this.#origin?.destroy();
  }

  async #dial(): Promise<void> {
    const resolved = this.#resolved;
    if (!resolved) return;
    try {
      // A tunnel that is passed through for sure is never read as a stream.
      if (this.#permit?.interception === 'passthrough') this.#reader = new OriginReader();
      const origin = await this.#mediation.dial(resolved, this.#reader ?? undefined);
      if (this.#reader?.isStarted === false) this.#reader = null;
      this.#origin = origin;
      if (this.#state.type === 'closed') origin.destroy();
      this.#tell({ type: 'dialed', dst: this.#mediation.dstOf(origin, resolved) });
    } catch (error) {
      const dst = `${resolved.addresses[0] ?? ''}:${resolved.port}`;
      this.#tell({ type: 'dial-failed', dst, error: describeFailure(error) });
    }
  }

  #establish(): void {
    const { client, answers } = this.#request;
    const late = (): void => this.#tell({ type: 'timed-out', what: 'handshake timeout' });
    this.#timer = setTimeout(late, this.#mediation.limits.handshakeTimeoutMs);
    client.write(answers.established);
    this.#watchOrigin();
    this.#stopListening = collectOpening(client, opening => {
      if (opening) this.#tell({ type: 'spoke', opening });
      else client.destroy();
    });
  }

  /** Where nobody looks inside, a protocol whose server speaks first tells itself by that. */
  #watchOrigin(): void {
    const origin = this.#origin;
    const left = (): void => this.#tell({ type: 'origin-left' });
    origin?.once('close', left);
    if (this.#state.type !== 'greeting' || this.#state.permit.interception === 'intercepted') return;
    const spoke = (): void => this.#tell({ type: 'spoke', opening: { type: 'other' } });
    if (origin && this.#reader) this.#reader.onceSpoken(origin, spoke, left);
    // At its end it has nothing to read.
    else origin?.once('readable', () => (origin.readableLength > 0 ? spoke() : left()));
  }

  #relay(): void {
    const { client } = this.#request;
    const origin = this.#origin;
    if (!origin) return;
    this.#stopListening?.(); // the origin may have spoken first
    origin.removeAllListeners('readable');
    client.setTimeout(this.#mediation.limits.idleTimeoutMs, () =>
      this.#tell({ type: 'timed-out', what: 'idle' }),
    );
    // Where no cap is set nobody needs to hear of every chunk: the sockets count by themselves.
    const isCapped = this.#mediation.meter.cap !== null;
    void relay(client, origin, {
      moved: isCapped ? bytes => this.#count(bytes) : null,
      reading: this.#reader,
    });
  }

  /** Made when there is something to open: a permit, an origin. */
  #interception(): TunnelInterception | null {
    const [resolved, origin] = [this.#resolved, this.#origin];
    if (!resolved || !origin) return null;
    this.#intercepting ??= new TunnelInterception(this.#mediation, this.#serve, {
      client: this.#request.client,
      origin,
      to: this.#request.to,
      caller: this.#request.caller,
      resolved,
      tell: event => this.#tell(event),
      leftEarly: () => {
        if (this.#state.type === 'secured') this.#tell({ type: 'ended', moved: this.#moved() });
      },
      moved: bytes => this.#count(bytes),
    });
    return this.#intercepting;
  }

  #count(bytes: number): void {
    const { meter } = this.#mediation;
    if (meter.add(this.#request.caller.agent, bytes) && meter.cap !== null)
      this.#tell({ type: 'volume-exceeded', limit: meter.cap, moved: this.#moved() });
  }

  #moved(): TunnelVolume {
    const origin = this.#origin;
    return {
      bytesOut: origin?.bytesWritten ?? 0,
      bytesIn: origin?.bytesRead ?? 0,
      durationMs: Math.round(this.#mediation.now() - this.#startedAt),
    };
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
