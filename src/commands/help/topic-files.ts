import { readFileSync } from 'node:fs';

/** The topics in the order of the list and the manual page. Each is a file in `topics/`. */
export const TOPICS = [
  'sources',
  'screens',
  'filters',
  'keys',
  'notices',
  'rules',
  'draft',
  'suggest',
  'journal',
  'enforcement',
  'mediator',
  'ask',
  'simulate',
  'log',
  'report',
  'policy',
  'scripting',
  'systems',
  'maps',
  'config',
  'endpoint',
  'fleet',
  'large-logs',
  'security',
  'files',
] as const;

/** The Markdown of a topic. */
export const readTopic = (name: (typeof TOPICS)[number]): string =>
  readFileSync(new URL(`topics/${name}.md`, import.meta.url), 'utf8');

/** The first sentence of a topic: its first paragraph up to the first full stop before a blank or a line end. */
export function firstSentence(markdown: string): string {
  const [, first = ''] = markdown.split(/\n\n/);
  return /^[\s\S]*?\.(?=\s|$)/.exec(first)?.[0].replaceAll('\n', ' ') ?? first;
}
