import type { EgressEvent } from '../../core/event.ts';

/**
 * Whether a record proves what a sandbox without a log let out. Our own mediator, as its upstream proxy, saw the attempt and let it
 * through. A denial there says nothing of the sandbox.
 */
export const sawSandboxedTraffic = ({ system, verdict }: EgressEvent): boolean =>
  system === 'egresstop' && verdict === 'allow';
