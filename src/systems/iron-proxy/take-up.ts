import { readFile } from 'node:fs/promises';
import { Agent, request as sendRequest, type IncomingMessage } from 'node:http';
import type { TakeUp, TakeUpEnd } from '../../core/policy/take-up.ts';
import { parseAddress } from '../../core/policy/address.ts';
import type { Places } from '../system.ts';
import type { Management } from './policy/read-management.ts';

/** The longest wait for an answer, in ms. After it the proxy counts as down. */
const ANSWER_MS = 10_000;
/** The most characters of an answer that are read. */
const MAX_SAID = 4_096;

/**
 * The step that makes the proxy reload: `POST /v1/reload`. It needs a management address on this machine in the configuration, and the key
 * in the environment. The key is sent only to that address. Null if one of them is missing.
 */
export async function takeUpBy(path: string, { env }: Places): Promise<TakeUp | null> {
  const text = await readFile(path, 'utf8').catch(() => null); // a file that does not exist yet has no proxy
  if (text === null) return null;
  const { readManagement } = await import('./policy/read-management.ts');
  const management = readManagement(text, path);
  const key = management === null ? undefined : env[management.keyVariable];
  if (management === null || key === undefined || key.trim() === '' || !isHere(management)) return null;
  const host = management.host === '' ? '127.0.0.1' : management.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${management.port}/v1/reload`;
  return { shown: `POST ${url}`, run: () => reload(url, key.trim()) };
}

/** Whether the address is on this machine. One that listens on all interfaces is. */
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
 * Sends one request over its own connection, directly to the address. `fetch` would send the key to the proxy in the environment if
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

/** The reason in iron-proxy's answer `{"error": "…"}`; any other text unchanged. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === 'string' ? error : text.trim();
  } catch {
    return text.trim(); // a proxy in between may answer in another form
  }
}
