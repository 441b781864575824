import { parseDocument, type Document, type LineCounter } from 'yaml';

/** A YAML text as Go's and Rust's strict readers take it: YAML 1.1 words are texts, `<<` merges nothing. */
export const parseYaml = (text: string, lineCounter: LineCounter): Document =>
  parseDocument(text, { lineCounter, keepSourceTokens: true, version: '1.1', schema: 'core', merge: false });

/** What the parser says is wrong, in its first line and without the place: the problem carries that. Its advice to its caller is not for a reader. */
export const yamlFault = ({ code, message }: Document['errors'][number]): string =>
  code === 'MULTIPLE_DOCS'
    ? 'more than one document in the file'
    : (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
