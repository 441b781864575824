import { BypassSampler } from './bypass-sampler.ts';

/** How often the connections of a program are looked at, ms. */
const LOOK_MS = 200;

/** Whose connections are looked at, and who is told. */
export interface BypassWatch {
  readonly mediatorPort: number;
  readonly agent: string;
  readonly tool: string | null;
  readonly tell: (message: object) => void;
}

/** Tells of each connection of the process and its children that goes round the mediator; returns what ends that. It is a sample. */
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
