import { visible } from '../visible.ts';
import type { Question } from './question.ts';

/** A question in one line, safe for a terminal: who asks for what, how often, and how long an attempt still waits. */
export function questionText(question: Question, now: number): string {
  const { attempts, url, method, nearest } = question;
  const parts = [
    `${whoAsks(question)} asks for ${spellHostPort(question)}`,
    ...(attempts > 1 ? [`×${attempts.toLocaleString('en-US')}`] : []),
    waitText(question, now),
    ...(url === null ? [] : [[method, url].filter(word => word !== null).join(' ')]),
    ...(nearest === null ? [] : [`near: ${nearest}`]),
  ];
  return visible(parts.join('  '));
}

/** The agent and the tool, as far as they are known. */
export const whoAsks = ({ agent, tool }: Pick<Question, 'agent' | 'tool'>): string =>
  agent === null ? (tool ?? 'somebody') : tool === null ? agent : `${agent}/${tool}`;

/** How much longer the waiting attempts wait. Without any, how much longer an answer would be kept for the next attempt. */
export function waitText({ held, heldUntil, keptUntil }: Question, now: number): string {
  if (held > 0 && heldUntil !== null) return `${held} waiting ${secondsTo(heldUntil, now)}`;
  return `gave up, kept ${secondsTo(keptUntil, now)}`;
}

function secondsTo(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

/** The destination of a question as `host:port`. An IPv6 address stands in brackets. */
export const spellHostPort = ({ host, port }: Pick<Question, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
