import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedRequest } from './script.ts';

export interface AgentOptions {
  /** `HOST:PORT` of the mediator. */
  readonly proxy: string;
  /** The roots that an ordinary client trusts, including the mediator's. */
  readonly trusted: readonly string[];
  /** The only root that a pinning client trusts. */
  readonly pinned: string;
  /** The requests that the agent repeats. */
  readonly script: readonly ScriptedRequest[];
  /** How long it waits for a response, in ms. */
  readonly patienceMs: number;
  /** Resolves when the first request may begin. */
  readonly begin: (signal: AbortSignal) => Promise<void>;
}

/** The least and the greatest pause between two requests, in ms. */
const PACE = { least: 300, most: 1_400 } as const;

/** Runs the script in a loop, one request at a time, until stopped. */
export function agentAtWork(options: AgentOptions): { readonly stop: () => void } {
  const stopped = new AbortController();
  void work(options, stopped.signal);
  return { stop: () => stopped.abort() };
}

async function work(options: AgentOptions, stopped: AbortSignal): Promise<void> {
  await options.begin(stopped);
  for (let index = 0; !stopped.aborted; index += 1) {
    const wanted = options.script[index % options.script.length];
    for (let tries = wanted?.retries ?? 0; tries >= 0; tries -= 1) {
      if (wanted && !stopped.aborted) await ask(wanted, options);
    }
    const rest = PACE.least + Math.random() * (PACE.most - PACE.least);
    await pause(rest, undefined, { signal: stopped }).catch(() => undefined); // stopped: the loop ends
  }
}

/** Sends a request through the mediator. Its result is not needed: the audit log has it. */
function ask(wanted: ScriptedRequest, options: AgentOptions): Promise<void> {
  const url = new URL(wanted.url);
  const [host, port] = options.proxy.split(':');
  const credentials = Buffer.from(`${wanted.agent}:${wanted.tool}`).toString('base64');
  const headers = { 'proxy-authorization': `Basic ${credentials}` };
  const proxy = { host, port: Number(port), timeout: options.patienceMs };
  if (url.protocol === 'http:') {
    return ended(httpRequest({ ...proxy, path: wanted.url, headers: { ...headers, host: url.host } }).end());
  }
  const tunnel = httpRequest({ ...proxy, method: 'CONNECT', path: `${url.hostname}:443`, headers }).end();
  return new Promise(resolve => {
    tunnel.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) resolve(through({ socket, url }, wanted, options));
      else socket.destroy();
    });
    void ended(tunnel).then(resolve);
  });
}

function through(
  { socket, url }: { readonly socket: Socket; readonly url: URL },
  { method = 'GET', isPinned }: ScriptedRequest,
  { trusted, pinned, patienceMs }: AgentOptions,
): Promise<void> {
  // node:https passes the socket to tls.connect, which its types do not declare
  const options: RequestOptions & { readonly socket: Socket } = {
    method,
    path: url.pathname + url.search,
    host: url.hostname,
    servername: url.hostname,
    ca: isPinned ? [pinned] : [...trusted],
    socket,
    agent: false,
    timeout: patienceMs,
  };
  return ended(httpsRequest(options).end(method === 'POST' ? '{"prompt":"hello"}' : undefined));
}

/** Resolves when the response was read, or failed. */
function ended(request: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    request.once('response', response => response.resume().once('close', () => resolve()));
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve());
    request.once('close', () => resolve());
  });
}
