import { SECTIONS } from './sections.ts';

const KEY = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'[\]{},:-][^\n:#]*?))[ \t]*:(?=\s|$)/gm;
const FLOW_KEY = /^\s*\{\s*["']?(\w+)["']?\s*:/;

/** A YAML text that looks like aasm's, whole or broken: its envelope, or a section of its own at the top and no list of microagent's. */
export function claimsAasm(text: string, path: string): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  const keys = new Set([
    ...[...text.matchAll(KEY)].map(([, double, single, plain]) => double ?? single ?? plain),
    FLOW_KEY.exec(text)?.[1],
  ]);
  if (keys.has('allow') || keys.has('passthrough')) return false;
  if (keys.has('spec') || keys.has('apiVersion')) return true;
  return [...keys].some(key => key !== undefined && Object.hasOwn(SECTIONS, key));
}
