import { readFile } from 'node:fs/promises';
import { Agent, request as sendRequest, type IncomingMessage } from 'node:http';
import type { TakeUp, TakeUpEnd } from '../../core/policy/take-up.ts';
import { parseAddress } from '../../core/policy/address.ts';
import type { Places } from '../system.ts';
import type { Management } from './policy/read-management.ts';

/** A proxy that does not answer within this time is taken for one that is down. */
const ANSWER_MS = 10_000;
/** So much of what it says is read. */
const MAX_SAID = 4_096;

/**
 * `POST /v1/reload`, where the configuration has a management address on this machine, and the environment has its key. The key is sent
 * nowhere else. Null where one of these is missing.
 */
export async function takeUpBy(path: string, { env }: Places): Promise<TakeUp | null> {
  const text = await readFile(path, 'utf8').catch(() => null); // a file that is not there yet has no proxy
  if (text === null) return null;
  const { readManagement } = await import('./policy/read-management.ts');
  const management = readManagement(text, path);
  const key = management === null ? undefined : env[management.keyVariable];
  if (management === null || key === undefined || key.trim() === '' || !isHere(management)) return null;
  const host = management.host === '' ? '127.0.0.1' : management.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${management.port}/v1/reload`;
  return { shown: `POST ${url}`, run: () => reload(url, key.trim()) };
}

/** An address that listens on all interfaces is asked on this machine. */
const isHere = ({ host }: Management): boolean => {
  if (host === '' || host === 'localhost') return true;
  const address = parseAddress(host);
  return address !== null && (host === '::1' || host.startsWith('127.'));
};

async function reload(url: string, key: string): Promise<TakeUpEnd> {
  try {
    const { status, text } = await post(url, key);
    const said = reasonIn(text.slice(0, MAX_SAID));
    if (status === 200)
      return {
        type: 'ended',
        by: 'iron-proxy (POST /v1/reload, 200)',
        said: 'acknowledged by iron-proxy: POST /v1/reload was answered with 200',
      };
    if (status === 422) return { type: 'rejected', why: said };
    return { type: 'failed', why: `status ${status}${said === '' ? '' : `, ${said}`}` };
  } catch (error) {
    return { type: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * One request on a connection of its own, straight to the address. `fetch` would send the key to the proxy of the environment where
 * NODE_USE_ENV_PROXY is set, as `egresstop env` does. Redirects are not followed.
 */
async function post(url: string, key: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-length': 0 },
      agent: new Agent(),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
      .once('response', resolve)
      .on('error', reject)
      .end();
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length >= MAX_SAID) break;
  }
  return { status: response.statusCode ?? 0, text };
}

/** `{"error": "…"}`, as iron-proxy answers; any other text as it is. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === 'string' ? error : text.trim();
  } catch {
    return text.trim(); // a proxy in between may answer in its own words
  }
}
