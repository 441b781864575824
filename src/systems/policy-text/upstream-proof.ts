import type { EgressEvent } from '../../core/event.ts';

/**
 * Whether a record proves what a sandbox without a log let out: egresstop's mediator, as its upstream proxy, saw the attempt and allowed
 * it. A denial by the mediator proves nothing about the sandbox.
 */
export const sawSandboxedTraffic = ({ system, verdict }: EgressEvent): boolean =>
  system === 'egresstop' && verdict === 'allow';
