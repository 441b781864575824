import { expect, it } from 'vitest';
import { openSession } from '../session.ts';

const TEXT = 'a grant is over and was removed from /etc/policy.yaml: - a.example';

it('what became of a grant stands on a line of its own, and the keys stay in sight until the next key', () => {
  const session = openSession();
  const keys = session.rows().at(-1);
  session.tell({ type: 'grant-ended', text: TEXT });
  expect([session.rows().at(-2)?.trim(), session.rows().at(-1)]).toEqual([TEXT, keys]);
  session.tell({ type: 'noticed', notice: { text: 'another notice', tone: 'plain' } });
  expect(session.rows().join('\n')).toContain(TEXT);
  session.press('j');
  expect(session.rows().join('\n')).not.toContain(TEXT);
});

it('a long path loses its middle, and the file’s name and the entry stay in sight', () => {
  const session = openSession({ columns: 80 });
  session.tell({
    type: 'grant-ended',
    text: `a grant is over and was removed from /${'deep/'.repeat(40)}policy.yaml: - a.example`,
  });
  expect(session.rows().at(-2)).toMatch(/^ a grant is over and was .*policy\.yaml: - a\.example$/);
});

it('our own removal of a grant is not told as a change by another program', () => {
  const session = openSession();
  session.tell({ type: 'grant-ended', text: TEXT });
  session.load('allow: []\n', 'sha256:2');
  expect(session.state().notice).toBeNull();
});
