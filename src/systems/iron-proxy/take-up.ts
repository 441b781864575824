import { readFile } from 'node:fs/promises';
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
  if (management === null || key === undefined || key === '' || !isHere(management)) return null;
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
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const said = reasonIn((await answer.text()).slice(0, MAX_SAID));
    if (answer.status === 200)
      return {
        type: 'ended',
        by: 'iron-proxy (POST /v1/reload, 200)',
        said: 'acknowledged by iron-proxy: POST /v1/reload was answered with 200',
      };
    if (answer.status === 422) return { type: 'rejected', why: said };
    return { type: 'failed', why: `status ${answer.status}${said === '' ? '' : `, ${said}`}` };
  } catch (error) {
    return { type: 'failed', why: reasonOf(error) };
  }
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

function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown }; // fetch says "fetch failed", and why in its cause
  return cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
}
