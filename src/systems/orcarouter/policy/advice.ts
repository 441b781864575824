import type { Policy } from '../../../core/policy/dialect.ts';
import { inShellQuotes } from '../../../core/text/shell-quoted.ts';
import { quoted } from './choose-policy.ts';
import type { Firewall } from './firewall.ts';

/** The next step after a write. OrcaRouter does not read the file: the operator must upload the policy. */
export const advice = ({ path, policy }: { readonly path: string; readonly policy: Policy }): string => {
  const subject = isFirewall(policy) ? policy.subject : null;
  const part = subject?.name ? `${path}#${subject.name}` : path;
  return `saved locally; not in OrcaRouter until it is imported in the console: PUT ${subject ? quoted(subject) : 'the policy'} with the body that \`egresstop policy export --policy ${inShellQuotes(part)}\` prints`;
};

const isFirewall = (policy: Policy): policy is Firewall => 'subject' in policy;

/** A name may hold anything, and this line is there to be pasted. */
