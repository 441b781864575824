/** The range of the metadata address, and the private ranges. */
const INSIDE = ['169.254.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const DENY_INSIDE = {
  label: 'deny inside',
  stage: 'egress',
  verdict: 'deny',
  priority: 1,
  egress_json: JSON.stringify({ deny: INSIDE, allow: [] }),
};

/**
 * The text of a new firewall policy. `empty` allows by default, `ssrf` also denies private addresses by a rule, `seen` denies by default.
 */
export const newFirewall = (template: 'empty' | 'ssrf' | 'seen'): string =>
  `${JSON.stringify(
    {
      name: 'egress',
      enabled: true,
      default_verdict: template === 'seen' ? 'deny' : 'allow',
      rules: template === 'ssrf' ? [DENY_INSIDE] : [],
    },
    null,
    2,
  )}\n`;
