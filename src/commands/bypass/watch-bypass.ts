import { BypassSampler } from './bypass-sampler.ts';

/** The interval between two samples, in ms. */
const LOOK_MS = 200;

/** The mediator and the program to watch, and the receiver of reports. */
export interface BypassWatch {
  readonly mediatorPort: number;
  readonly agent: string;
  readonly tool: string | null;
  readonly tell: (message: object) => void;
}

/**
 * Reports each connection of the process and its children that bypasses the mediator, as far as sampling finds it. Returns a function that
 * ends the watch.
 */
export function watchBypass(pid: number, { mediatorPort, agent, tool, tell }: BypassWatch): () => void {
  const sampler = new BypassSampler(pid, mediatorPort);
  const look = (): void => {
    for (const { host, port, ...seen } of sampler.look()) {
      const dst = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
      tell({ type: 'bypass', host, dst, agent, tool, ...seen });
    }
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
