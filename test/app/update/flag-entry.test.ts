import { expect, it } from 'vitest';
import { withFlags } from '../../../src/core/policy/flag-entries.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { openSession, type Session } from '../session.ts';

/** The Policy screen over a file and a mediator that was started with `--allow` and `--passthrough`. */
function session(): Session {
  const opened = openSession({ policy: 'allow:\n  - docs.rs\n' });
  const flags = { allow: ['flag.example'], passthrough: ['pinned.example'] };
  const parsed = withFlags(microagentDialect, flags).parse('allow:\n  - docs.rs\n', 'policy.yaml');
  const loaded = opened.state().policy;
  if (!loaded || parsed.type === 'invalid') throw new Error('no policy');
  opened.tell({ type: 'policy-loaded', policy: { ...loaded, policy: parsed.policy } });
  opened.press('6');
  return opened;
}

/** Moves the cursor of the Policy screen to an entry by its name. */
function filtered(name: string): Session {
  const opened = session();
  opened.press('/');
  opened.type(name);
  opened.press('enter');
  return opened;
}

it('an entry of the command line is shown as flag, with how long it lasts', () => {
  const rows = session().rows();
  expect(rows.find(row => row.includes('flag.example'))).toMatch(
    /flag +allow +flag\.example .*--allow: ends with/,
  );
  expect(rows.find(row => row.includes('docs.rs'))).toMatch(/2 +allow +docs\.rs/);
});

it.each([
  ['x', 'flag.example', '--allow'],
  ['p', 'flag.example', '--allow'],
  ['x', 'pinned.example', '--passthrough'],
  ['p', 'pinned.example', '--passthrough'],
])('%s on %s says that it stands on the command line, and edits nothing', (key, name, flag) => {
  const opened = filtered(name);
  opened.press(key);
  expect(opened.state().dialog.type).toBe('none');
  expect(opened.effects).toEqual([]);
  expect(opened.state().notice?.text).toContain(`${name} stands on the mediator’s command line (${flag})`);
});

it('an entry of the file beside it is edited as ever', () => {
  const opened = filtered('docs.rs');
  opened.press('x');
  expect(opened.state().dialog.type).toBe('edit');
});
