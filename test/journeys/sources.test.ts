import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../terminal/terminal.ts';
import { denial, openAgain, openDashboard, PROGRAM, recordLines } from './dashboard.ts';

describe('sources', () => {
  it('a source may be a log that does not exist yet, or one that is rotated meanwhile', async () => {
    await using dashboard = openDashboard({ log: '' });
    const late = join(dashboard.home, 'late.jsonl');
    await using terminal = openAgain(dashboard, [late]);
    await terminal.waitFor('1 waiting');
    await terminal.waitFor('late.jsonl');
    writeFileSync(late, recordLines(denial('one.example')));
    await terminal.waitFor('1 decision');
    await terminal.waitFor('1 live');
    renameSync(late, `${late}.1`);
    appendFileSync(`${late}.1`, recordLines(denial('two.example')));
    writeFileSync(late, recordLines(denial('three.example')));
    await terminal.waitFor('3 decisions');
    await terminal.waitFor('three.example');
  });

  it('a source may be standard input, while keys still come from the terminal', async () => {
    await using dashboard = openDashboard({ log: '' });
    await using terminal = openTerminal({
      command: '/bin/sh',
      args: ['-c', 'tail -n +1 -f "$2" | "$0" "$1" -', process.execPath, PROGRAM, dashboard.logPath],
      cwd: dashboard.home,
      env: { HOME: dashboard.home, XDG_STATE_HOME: join(dashboard.home, 'state') },
      columns: 100,
      rows: 30,
    });
    dashboard.write(denial('piped.example'));
    await terminal.waitFor('piped.example');
    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    terminal.press('enter');
    await terminal.waitFor('LAST EVENTS');
  });

  it('a source may be a unix socket that streams records, appears late and goes away', async () => {
    await using dashboard = openDashboard({ log: '' });
    const path = join(dashboard.home, 'audit.sock');
    await using terminal = openAgain(dashboard, [`unix:${path}`]);
    await terminal.waitFor(/1 (?:waiting|gone|failed)/);
    const clients: Socket[] = [];
    const server = createServer(client => {
      clients.push(client);
      client.on('error', () => undefined);
      client.write(recordLines(denial('socket.example')));
    });
    server.listen(path);
    try {
      await terminal.waitFor('socket.example');
      await terminal.waitFor('1 live');
      for (const client of clients) client.destroy();
      server.close();
      await terminal.waitFor(/1 (?:waiting|gone|failed)/);
      expect(terminal.text()).toContain('socket.example');
    } finally {
      server.close();
    }
  });
});
