import { parseDocument, type Document, type LineCounter } from 'yaml';

/** A YAML text as Go's and Rust's strict readers take it: YAML 1.1 words are texts, `<<` merges nothing. */
export const parseYaml = (text: string, lineCounter: LineCounter): Document =>
  parseDocument(text, { lineCounter, keepSourceTokens: true, version: '1.1', schema: 'core', merge: false });

/** What the parser says is wrong, in its first line and without the place: the problem carries that. */
export const yamlFault = ({ message }: Document['errors'][number]): string =>
  (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
