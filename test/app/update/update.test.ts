import { describe, expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { chosenEdit, openSession, PLAN, POLICY, type SessionOptions } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const HOSTS = ['api.vendor.example', 'docs.rs', 'pinned.example', 'granted.example', 'files.pypi.org'];
const EVENTS = [
  ...HOSTS.map((host, index) =>
    decision('deny', { host, tool: 'fetch', agent: 'research', at: NOW - index * 1_000 }),
  ),
  decision('deny', { host: HOSTS[0] ?? '', tool: 'bash', agent: 'builder', at: NOW - 9_000 }),
];
const open = (options: SessionOptions = {}) => openSession({ traffic: trafficOf(EVENTS), ...options });
/** A session with the cursor on a host. */
function on(host: string, options: SessionOptions = {}) {
  const session = open(options);
  session.press('/');
  session.type(host);
  session.press('enter');
  return session;
}
const WARNING = { severity: 'danger', entry: 'x', why: 'opens much' } as const;

describe('Esc goes one step back and never quits', () => {
  it('closes a prompt and brings back the filter from before', () => {
    const session = open();
    session.press('/');
    session.type('docs');
    session.press('enter', '/');
    session.type(' more');
    session.press('esc');
    expect(session.state()).toMatchObject({ prompt: { type: 'none' }, filter: { text: 'docs' } });
  });

  it('pops page after page, then clears the filter, then the marks, then does nothing', () => {
    const session = on('vendor');
    session.press('space', 'enter', '?');
    expect(session.state().pages.map(({ type }) => type)).toEqual(['host', 'help']);
    session.press('esc', 'esc');
    expect(session.state()).toMatchObject({ pages: [], filter: { text: 'vendor' } });
    session.press('esc');
    expect(session.state().filter.text).toBe('');
    expect(session.state().marked.size).toBe(1);
    session.press('esc', 'esc', 'esc');
    expect(session.state().marked.size).toBe(0);
    expect(session.effects).toEqual([]);
  });

  it('from a tool’s hosts takes back what was typed there, then goes to the tools and their filter', () => {
    const session = open();
    session.press('3', '/');
    session.type('bash');
    session.press('enter', 'enter');
    expect(session.state()).toMatchObject({ screen: 'hosts', filter: { text: 'tool:bash' } });
    session.press('/');
    session.type(' vendor');
    session.press('enter', 'esc');
    expect(session.state()).toMatchObject({ screen: 'hosts', filter: { text: 'tool:bash' } });
    session.press('esc');
    expect(session.state()).toMatchObject({ screen: 'tools', filter: { text: 'bash' } });
  });
});

describe('q leaves a view, and at the root the program', () => {
  it('keeps the filter of the hosts under a page', () => {
    const session = open();
    session.press('3', 'enter', 'enter', 'q');
    expect(session.state()).toMatchObject({ screen: 'hosts', pages: [], filter: { text: 'tool:fetch' } });
    session.press('q');
    expect(session.state()).toMatchObject({ screen: 'tools', filter: { text: '' } });
    expect(session.effects).toEqual([]);
    session.press('q');
    expect(session.effects).toEqual([{ type: 'quit' }]);
  });

  it('q is a letter in a prompt, and closes a dialog', () => {
    const session = open();
    session.press('s', 'q', '/', 'q');
    expect(session.state()).toMatchObject({ dialog: { type: 'none' }, filter: { text: 'q' } });
    expect(session.effects).toEqual([]);
  });
});

describe('Enter opens what is under the cursor', () => {
  it.each([
    ['3', 'tool:fetch'],
    ['4', 'agent:research'],
  ])('Enter on screen %s narrows the hosts to %s', (screen, text) => {
    const session = open();
    session.press(screen, 'enter');
    expect(session.state()).toMatchObject({ screen: 'hosts', filter: { text, error: null } });
  });

  it('Enter on a policy entry narrows the hosts to those that it names', () => {
    const session = open();
    session.press('6', 'j', 'enter');
    expect(session.state().filter.text).toBe('host:pypi.org,*.pypi.org');
    expect(session.view().order.slice()).toEqual(['files.pypi.org']);
  });

  it('opens a host, one of its events, and the event in the stream', () => {
    const session = on('vendor');
    session.press('enter', 'G', 'enter');
    expect(session.state().pages.map(({ type }) => type)).toEqual(['host', 'event']);
    session.press('5', 'enter');
    expect(session.state().pages.map(({ type }) => type)).toEqual(['event']);
  });
});

describe('an edit', () => {
  it('an edit for one host offers its forms, asks for the first plan, and writes only what is shown', () => {
    const session = on('vendor');
    session.press('a', 'enter');
    expect(session.effects.map(({ type }) => type)).toEqual(['plan-edit']);
    session.plan();
    session.press('down', 'enter');
    expect(session.effects.at(-1)).toEqual({
      type: 'plan-edit',
      edit: [{ type: 'add', list: 'allow', entry: '.vendor.example' }],
    });
    session.plan();
    session.press('enter');
    expect(session.effects.at(-1)).toMatchObject({ type: 'write-edit', revision: PLAN.revision });
  });

  it.each([
    ['enter', false, true],
    ['y', false, false],
    ['enter', true, false],
    ['y', true, true],
  ])('%s, with a warning: %s, writes: %s', (key, hasWarning, writes) => {
    const session = on('vendor');
    session.press('a');
    session.plan({ warnings: hasWarning ? [WARNING] : [] });
    session.press(key);
    expect(session.effects.some(({ type }) => type === 'write-edit')).toBe(writes);
    expect(session.state().notice !== null).toBe(!writes);
  });

  it('serves all marked hosts in one diff', () => {
    const session = open();
    session.press('space', 'space', 'a');
    expect(chosenEdit(session.state())).toHaveLength(2);
    expect(session.rows().some(row => row.includes('Allow 2 hosts'))).toBe(true);
  });

  it('means the host of the topmost page: a redirect’s event may be about another one', () => {
    const events = ['one.example', 'two.example'].map((host, hop) =>
      decision('deny', { host, hop, correlationId: 'c1', at: NOW }),
    );
    const session = on('one', { traffic: trafficOf(events) });
    session.press('enter', 'G', 'enter');
    const joined = session.view().page.findIndex(({ event }) => event?.host === 'two.example');
    for (let line = 0; line < joined; line += 1) session.press('j');
    session.press('enter', 'a');
    expect(chosenEdit(session.state())).toEqual([{ type: 'add', list: 'allow', entry: 'two.example' }]);
  });

  it.each([['?'], ['!'], ['o'], ['J']])(
    'an edit needs a chosen host over the page of %s, which hides the row',
    page => {
      const session = open();
      session.press(page, 'a', 'p', 't', 'M');
      expect(session.state()).toMatchObject({ dialog: { type: 'none' }, dismissed: new Map() });
      expect(session.rows().at(-1)).toContain('choose a host first');
      session.press('esc', page, 'j');
      expect(session.rows().at(-1)).not.toContain('allow');
    },
  );

  it('an edit is never about the missing host', () => {
    const session = openSession({ traffic: trafficOf([decision('deny', { host: null })]) });
    session.press('a');
    session.press('space', 'a');
    session.press('enter', 'a');
    expect(session.effects).toEqual([]);
    expect(session.state().marked.size).toBe(0);
  });

  it.each(['a', 'p', 't', 'x', 'u', 'e'])('--readonly refuses the key %s', key => {
    const session = on('vendor', { options: { isReadonly: true } });
    session.press(key);
    expect(session.state().notice?.text).toContain('read-only');
    expect(session.effects).toEqual([]);
  });

  it.each(['a', 'p', 't', 'x', 'u', 'e'])('an edit wants a policy file: %s', key => {
    const session = on('vendor', { policy: null });
    session.press(key);
    expect(session.state().notice?.text).toContain('No policy file');
    expect(session.effects).toEqual([]);
  });

  it.each(['a', 'p', 't', 'x'])('a broken file refuses the key %s', key => {
    const session = on('vendor');
    session.tell({ type: 'policy-rejected', path: '/etc/policy.yaml', trouble: 'invalid', problems: [] });
    session.press(key);
    expect(session.state().notice?.text).toContain('never edited while broken');
    expect(session.effects).toEqual([]);
  });

  it('the key for the editor orders the editor', () => {
    const session = open();
    session.press('e');
    expect(session.effects.map(({ type }) => type)).toEqual(['open-editor']);
  });

  it.each(['u', 'z'])('%s shows the diff of the undo, and only Enter writes it', key => {
    const session = open();
    session.press(key);
    expect(session.effects).toMatchObject([{ type: 'plan-edit', undoes: 'newest' }]);
    session.plan({
      diff: '--- a\n+++ b\n@@ -1 +1 @@\n-  - new.example\n',
      remark: 'takes back: allow +new.example',
    });
    const shown = session.rows().join('\n');
    expect([shown, session.effects]).toEqual([
      expect.stringContaining('-  - new.example'),
      expect.toSatisfy(orders => orders.length === 1),
    ]);
    expect(shown).toContain('takes back: allow +new.example');
    session.press('enter');
    expect(session.effects.at(-1)).toMatchObject({
      type: 'write-edit',
      undoes: 'newest',
      revision: 'sha256:1',
    });
  });

  it('a dialog with many choices keeps the chosen one in view', () => {
    const policy = `allow:\n${Array.from({ length: 30 }, (_, index) => `  - h${index}.example\n`).join('')}`;
    const hosts = Array.from({ length: 30 }, (_, index) => decision('deny', { host: `h${index}.example` }));
    const session = openSession({ policy, traffic: trafficOf(hosts), rows: 24 });
    session.press(...Array<string>(30).fill('space'), 'x');
    for (let choice = 0; choice < 30; choice += 1) {
      expect(session.rows().some(row => /^ +▌ (?:\d\) |   )(?:h\d|all)/.test(row))).toBe(true);
      session.plan();
      expect(session.rows().some(row => /^ +▌ (?:\d\) |   )(?:h\d|all)/.test(row))).toBe(true);
      session.press('down');
    }
  });
});

describe('an answer', () => {
  it('an answer to a question that is no longer asked is dropped', () => {
    const session = on('vendor');
    session.press('a');
    const first = chosenEdit(session.state());
    session.press('down');
    const before = session.state().dialog;
    session.tell({ type: 'edit-planned', edit: first, plan: PLAN });
    session.tell({ type: 'edit-refused', edit: first, why: 'late' });
    session.tell({ type: 'edit-conflicted', edit: first });
    expect(session.state().dialog).toEqual(before);
    expect(session.effects).toHaveLength(2);
  });

  it('that comes when nothing is asked changes nothing', () => {
    const session = open();
    session.tell({ type: 'edit-planned', edit: [], plan: PLAN });
    session.tell({ type: 'edit-conflicted', edit: [] });
    expect(session.state().dialog).toEqual({ type: 'none' });
    expect(session.effects).toEqual([]);
  });

  it('a conflict asks again and says so', () => {
    const session = on('vendor');
    session.press('a');
    session.plan();
    session.press('enter');
    const edit = chosenEdit(session.state());
    session.tell({ type: 'edit-conflicted', edit });
    expect(session.effects.at(-1)).toEqual({ type: 'plan-edit', edit });
    expect(session.state().dialog).toMatchObject({ isConflict: true, planning: { type: 'planning' } });
  });

  it('a late answer does not enable Enter while the edit is written', () => {
    const session = on('vendor');
    session.press('a');
    session.plan();
    session.press('enter');
    session.plan();
    session.press('enter', 'esc');
    expect(session.effects.filter(({ type }) => type === 'write-edit')).toHaveLength(1);
    expect(session.state().dialog).toMatchObject({ planning: { type: 'writing' } });
  });

  it('that says why an edit is refused stays until Esc', () => {
    const session = on('vendor');
    session.press('a');
    session.tell({ type: 'edit-refused', edit: chosenEdit(session.state()), why: 'locked by another' });
    session.press('enter');
    expect(session.rows().join('\n')).toContain('locked by another');
    session.press('esc');
    expect(session.state().dialog.type).toBe('none');
  });

  it('to undo leaves a dialog that was opened meanwhile, and the marks', () => {
    const session = open();
    session.press('space', 'u', 'a');
    const policy = session.state().policy?.policy;
    if (!policy) throw new Error('no policy');
    const saved = {
      at: NOW,
      revision: 'sha256:9',
      edit: [],
      before: policy,
      after: policy,
      judging: { mode: 'strict' } as const,
      advice: '',
    };
    session.tell({ type: 'edit-written', saved, notice: { text: 'undone', tone: 'allow' } });
    expect(session.state().dialog.type).toBe('edit');
    expect(session.state().marked.size).toBe(1);
    session.plan();
    session.press('enter');
    session.tell({ type: 'edit-written', saved, notice: { text: 'saved', tone: 'allow' } });
    expect(session.state().dialog.type).toBe('none');
    expect(session.state().marked.size).toBe(0);
  });
});

describe('passthrough', () => {
  const asked = (host: string, policy = POLICY) => {
    const session = on(host, { policy });
    session.press('p');
    return session.state().dialog;
  };

  it('p adds the host to passthrough and leaves allow alone', () => {
    expect(asked('vendor')).toMatchObject({
      choices: [
        { edit: [{ type: 'add', list: 'passthrough', entry: 'api.vendor.example' }] },
        { edit: [{ type: 'add', list: 'passthrough', entry: '.vendor.example' }] },
      ],
    });
  });

  it('off, where allow still names the host, takes it out', () => {
    expect(asked('docs.rs')).toMatchObject({
      choices: [{ edit: [{ type: 'remove', list: 'passthrough', entry: 'docs.rs' }] }],
    });
  });

  it('off, where nothing else permits the host, asks: allow it, or let it be denied', () => {
    const remove = { type: 'remove', list: 'passthrough', entry: 'pinned.example' };
    expect(asked('pinned')).toMatchObject({
      choices: [
        { edit: [remove, { type: 'add', list: 'allow', entry: 'pinned.example' }] },
        { edit: [remove] },
      ],
    });
  });

  it('off of a grant gives no more than the grant gave: the end goes with it', () => {
    const end = Date.parse('2026-11-20T18:00:00Z');
    const policy = 'allow: []\npassthrough:\n  - pinned.example # egresstop: until 2026-11-20T18:00:00Z\n';
    expect(asked('pinned', policy)).toMatchObject({ choices: [{ edit: [{}, { until: end }] }, {}] });
    const session = openSession();
    session.press('6', 'j', 'j', 'p');
    expect(chosenEdit(session.state())).toEqual([
      { type: 'remove', list: 'allow', entry: 'granted.example' },
      { type: 'add', list: 'passthrough', entry: 'granted.example', until: end },
    ]);
  });
});

describe('x', () => {
  it('offers each entry that names the host, and all of them', () => {
    const session = on('docs.rs');
    session.press('x');
    expect(session.state().dialog).toMatchObject({
      choices: [
        { edit: [{ list: 'allow', entry: 'docs.rs' }] },
        { edit: [{ list: 'passthrough', entry: 'docs.rs' }] },
        { label: 'all of these' },
      ],
    });
  });

  it('says so where no entry names the host', () => {
    const session = on('vendor');
    session.press('x');
    expect(session.state().notice?.text).toBe('no entry names api.vendor.example');
  });

  it('on Denied puts a host aside until it is denied again, and again for a second time', () => {
    const session = open();
    session.press('2');
    expect(session.view().order.at(0)).toBe('api.vendor.example');
    session.press('x');
    expect(session.view().order.slice()).not.toContain('api.vendor.example');
    session.store.add(decision('deny', { host: 'api.vendor.example', at: NOW + 1 }));
    session.flush();
    expect(session.view().order.slice()).toContain('api.vendor.example');
    session.press('g', 'x');
    expect(session.view().order.slice()).not.toContain('api.vendor.example');
    expect(session.effects).toEqual([]);
  });

  it('on Denied puts all marked hosts aside, and none where there is none', () => {
    const session = open({ options: { isReadonly: true } });
    session.press('2', 'space', 'space', 'x');
    expect(session.view().order).toHaveLength(3);
    expect(session.state().marked.size).toBe(0);
    const empty = openSession();
    empty.press('2', 'x');
    expect(empty.state().dismissed.size).toBe(0);
  });
});

describe('a grant', () => {
  it('a grant of an hour ends an hour after the key press, not after the last tick', () => {
    const session = on('vendor');
    session.wait(12_000);
    session.press('t', 'down', 'enter');
    expect(chosenEdit(session.state())).toEqual([
      { type: 'add', list: 'allow', entry: 'api.vendor.example', until: NOW + 12_000 + 3_600_000 },
    ]);
  });

  it('a grant takes a typed end, and refuses one that is no future time', () => {
    const session = on('vendor');
    session.press('t', 'down', 'down', 'down', 'down', 'enter');
    session.type('yesterday');
    session.press('enter');
    expect(session.rows().join('\n')).toContain('not a time in the future');
    session.press('ctrl-u');
    session.type('90s');
    session.press('enter');
    expect(chosenEdit(session.state())).toMatchObject([{ until: NOW + 90_000 }]);
  });

  it('whose end passes while its diff is looked at is not written', () => {
    const session = on('vendor');
    session.press('t', 'down', 'down', 'down', 'down', 'enter');
    session.type('5s');
    session.press('enter');
    session.plan();
    session.wait(6_000);
    session.press('enter');
    expect(session.effects.some(({ type }) => type === 'write-edit')).toBe(false);
    expect(session.state().notice?.text).toContain('its end has passed');
  });
});

describe('the policy', () => {
  it('that is rejected leaves the last good one in force', () => {
    const session = open();
    const good = session.state().policy?.policy;
    session.tell({ type: 'policy-rejected', path: '/etc/policy.yaml', trouble: 'invalid', problems: [] });
    expect(session.state().policy).toMatchObject({ policy: good, trouble: 'invalid' });
    expect(session.rows()[0]).toContain('REJECTED, last good stays');
    session.load(POLICY, 'sha256:2');
    expect(session.state().policy?.trouble).toBeNull();
  });

  it('that another program changed is told, and ends what was observed of our edit', () => {
    const session = on('vendor');
    session.press('a');
    session.plan();
    session.press('enter');
    const policy = session.state().policy?.policy;
    if (!policy) throw new Error('no policy');
    session.tell({
      type: 'edit-written',
      saved: {
        at: NOW,
        revision: 'sha256:2',
        edit: [],
        before: policy,
        after: policy,
        judging: { mode: 'strict' },
        advice: 'restart',
      },
      notice: { text: 'saved', tone: 'allow' },
    });
    session.load(POLICY, 'sha256:1');
    expect(session.state().enforcement.type).toBe('saved');
    session.load(POLICY, 'sha256:2');
    expect(session.state()).toMatchObject({ enforcement: { type: 'saved' }, notice: { text: 'saved' } });
    session.press('j');
    session.load(POLICY, 'sha256:3');
    expect(session.state()).toMatchObject({
      enforcement: { type: 'none' },
      notice: { text: expect.stringContaining('changed by another program') as string },
    });
  });

  it('on its screen takes a new entry, typed, into either list', () => {
    const session = open();
    session.press('6', 'a');
    session.type('new.example');
    session.press('enter');
    expect(session.state().dialog).toMatchObject({
      choices: [
        { edit: [{ type: 'add', list: 'allow', entry: 'new.example' }] },
        { edit: [{ type: 'add', list: 'passthrough', entry: 'new.example' }] },
      ],
    });
  });
});

describe('the cursor', () => {
  it('holds on to a host, not to a row number', () => {
    const session = open();
    session.press('j', 'j');
    const held = session.state().lists.hosts.key;
    for (let count = 0; count < 9; count += 1) session.store.add(decision('allow', { host: 'new.example' }));
    session.flush();
    expect(session.view().order.at(0)).toBe('new.example');
    expect(session.rows().find(row => row.startsWith('▌'))).toContain(held ?? 'nothing');
  });

  it('on a page holds on to an event, however many newer ones push it down, and Enter opens that one', () => {
    const session = on('docs.rs');
    session.press('enter', 'G');
    const held = session.view().page[session.view().pageCursor]?.event;
    for (let count = 0; count < 3; count += 1)
      session.store.add(decision('allow', { host: 'docs.rs', at: NOW + 1 }));
    session.flush();
    session.press('enter');
    expect(session.state().pages.at(-1)).toMatchObject({ type: 'event', event: held });
  });

  it('at the top of the stream follows the newest record, elsewhere stays on its own', () => {
    const session = open();
    session.press('5', 'j', 'k');
    session.store.add(decision('allow', { host: 'newest.example', at: NOW + 1 }));
    session.flush();
    expect(session.rows().find(row => row.startsWith('▌'))).toContain('newest.example');
    session.press('j');
    const held = session.rows().find(row => row.startsWith('▌'));
    session.store.add(decision('allow', { host: 'newer.example', at: NOW + 2 }));
    session.flush();
    expect(session.rows().find(row => row.startsWith('▌'))).toBe(held);
  });

  it('goes by line, half page, page and to the ends, never beyond', () => {
    const hosts = Array.from({ length: 100 }, (_, index) => decision('allow', { host: `h${index + 100}` }));
    const session = openSession({ traffic: trafficOf(hosts) });
    const row = () => session.view().order.indexOf(session.state().lists.hosts.key ?? '');
    const { height } = session.view();
    for (const [key, at] of [
      ['j', 1],
      ['k', 0],
      ['k', 0],
      ['ctrl-d', Math.floor(height / 2)],
      ['ctrl-u', 0],
      ['pagedown', height - 1],
      ['G', 99],
      ['j', 99],
      ['pageup', 100 - height],
      ['g', 0],
    ] as const) {
      session.press(key);
      expect([key, row()]).toEqual([key, at]);
    }
  });

  it('a wheel moves the cursor, and over a dialog it scrolls only the dialog', () => {
    const session = open();
    const wheel = () => session.tell({ type: 'moved', by: 'line', direction: 1 });
    wheel();
    const { key } = session.state().lists.hosts;
    expect(key).not.toBeNull();
    session.press('a');
    session.plan({ diff: Array.from({ length: 60 }, (_, index) => `+ line ${index}`).join('\n') });
    wheel();
    expect(session.state().lists.hosts.key).toBe(key);
    expect(session.state().dialog).not.toMatchObject({ top: 0 });
  });

  it('goes where a click says, and a click on it opens', () => {
    const session = open();
    const click = (row: number) => session.tell({ type: 'row-clicked', row, column: 3 });
    const { listRow, order } = session.view();
    click(listRow + 2);
    expect(session.state().lists.hosts.key).toBe(order.slice()[2]);
    for (const row of [0, listRow - 1, listRow + order.length, 29, 999]) click(row);
    expect(session.state().pages).toEqual([]);
    click(listRow + 2);
    expect(session.state().pages).toMatchObject([{ type: 'host', host: order.slice()[2] }]);
  });
});

describe('marks, copies and toggles', () => {
  it('Space marks a host and goes on, and takes the mark away', () => {
    const session = open();
    session.press('space', 'k', 'space');
    expect(session.state().marked.size).toBe(0);
    session.press('3', 'space');
    expect(session.state().notice?.text).toContain('only hosts');
  });

  it.each([
    [['y'], 'api.vendor.example'],
    [['space', 'space', 'y'], 'api.vendor.example\ndocs.rs'],
    [['3', 'y'], 'fetch'],
    [['6', 'j', 'y'], '.pypi.org'],
    [['5', 'y'], '{}'],
    [['enter', 'y'], 'api.vendor.example'],
    [['enter', 'G', 'y'], '{}'],
  ])('after %j copies %j', (keys, text) => {
    const session = open();
    session.press(...keys);
    expect(session.effects).toEqual([{ type: 'copy', text }]);
  });

  it('s chooses the column, r turns the order, both told in the header', () => {
    const session = open();
    session.press('s', 'down', 'enter', 'r');
    expect(session.state().lists.hosts).toMatchObject({ sort: 'deny', isReversed: true });
    expect(session.rows().join('\n')).toContain('DENY▴');
    session.press('s', 'down', 'esc');
    expect(session.state().lists.hosts.sort).toBe('deny');
  });

  it('m, Ctrl-L and Ctrl-Z are orders; Q shows queries', () => {
    const session = open();
    session.press('m', 'm', 'ctrl-l', 'ctrl-z', 'Q');
    expect(session.effects).toEqual([
      { type: 'set-mouse', isOn: true },
      { type: 'set-mouse', isOn: false },
      { type: 'redraw' },
      { type: 'suspend' },
    ]);
    expect(session.state().options.showQueries).toBe(true);
  });

  it('Ctrl-L draws anew in a prompt and a dialog, too', () => {
    const session = open();
    session.press('/', 'ctrl-l', 'esc', 's', 'ctrl-l');
    expect(session.effects).toEqual([{ type: 'redraw' }, { type: 'redraw' }]);
    expect(session.state().dialog.type).toBe('sort');
  });

  it.each(['new:abc', 'since:yesterday', 'verdict:deny host:', 'nosuchkey:x', 'status:"'])(
    'a filter with a mistake that Enter keeps says so in words: %s',
    query => {
      const { press, type, rows } = openSession();
      press('/');
      type(query);
      press('enter');
      expect(rows()[2]).toContain(`mistake in /${query}`.slice(0, 19));
      expect(rows().join('\n')).toContain('only the filter before the mistake applies: ');
      press('down');
      expect(rows()[2]).toContain('mistake in /');
    },
  );

  it('the palette runs a command by its words', () => {
    const session = open();
    session.press(':');
    session.type('stream screen');
    session.press('enter');
    expect(session.state()).toMatchObject({ screen: 'stream', prompt: { type: 'none' } });
    session.press(':');
    session.type('zzzzzz');
    session.press('enter');
    expect(session.state()).toMatchObject({ screen: 'stream', prompt: { type: 'none' } });
  });

  it('the palette offers the filter to anyone who types what it can find', () => {
    for (const word of ['new', 'agent', 'verdict', 'since']) {
      const { press, type, rows } = openSession();
      press(':');
      type(word);
      expect(rows().filter(row => row.includes('filter: words'))).toHaveLength(1);
    }
  });

  it.each([
    ['block', 'remove the entry that names the host'],
    ['stop', 'remove the entry that names the host'],
    ['deny', 'remove the entry that names the host'],
    ['kill', 'remove the entry that names the host'],
    ['whitelist', 'allow the host'],
    ['unblock', 'allow the host'],
    ['expire', 'allow for a while'],
    ['search', 'filter: words'],
    ['fields', 'columns: choose'],
    ['exit', 'leave the view'],
  ])('the palette offers first for %s what people mean by it: %s', (word, help) => {
    const { press, type, rows } = openSession();
    press(':');
    type(word);
    expect(rows().find(row => row.includes('▌'))).toContain(help);
  });

  it('the palette opens with what rules and looks, and ends with moving', () => {
    const session = open();
    session.press(':');
    const shown = session.rows().join('\n');
    expect(shown).toContain('allow the host');
    expect(shown).not.toContain('down a line');
  });

  it('the palette offers on a page only what means something there', () => {
    const session = open();
    session.press(':');
    session.type('sort column');
    expect(session.rows().join()).toContain('choose the sort column');
    session.press('esc', 'enter', ':');
    session.type('sort column');
    expect(session.rows().join()).not.toContain('choose the sort column');
  });

  it('an invalid filter is shown, and what stands before the mistake goes on testing', () => {
    const session = open();
    session.press('/');
    session.type('host:docs.rs status:x');
    expect(session.rows().at(-1)).toContain('status: wants a number');
    expect(session.view().order.slice()).toEqual(['docs.rs']);
    session.press('tab', 'enter');
    expect(session.state().filter.error).not.toBeNull();
  });

  it.each(['/foo:', '/http://x', '/fe80::1 tool:'])('typing %s ends nothing', text => {
    const session = open();
    session.type(text);
    session.press('tab', 'enter');
    expect(session.rows()).toHaveLength(30);
  });

  it('Tab goes round the screens', () => {
    const session = open();
    session.press('shift-tab');
    expect(session.state().screen).toBe('suggest');
    session.press('tab', 'tab');
    expect(session.state().screen).toBe('denied');
  });
});
