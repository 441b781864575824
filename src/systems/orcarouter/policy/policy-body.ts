import { findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { choosePolicy } from './choose-policy.ts';
import { parseJsonText } from '../../policy-text/json-text.ts';
import { readDocument } from './read-document.ts';

/** The one policy as strict JSON, without comments: what its console or API takes. Null where the file does not say which one. */
export function policyBody(text: string, path: string, name: string | null): string | null {
  const { subject } = choosePolicy(readDocument(text, path).policies, name);
  const parsed = parseJsonText(text.replace(/^\uFEFF/, ' '), 'jsonc');
  if (!subject || parsed.type === 'broken') return null;
  const node = findNodeAtLocation(parsed.root, [...subject.path]);
  return node ? `${JSON.stringify(getNodeValue(node), null, 2)}\n` : null;
}
