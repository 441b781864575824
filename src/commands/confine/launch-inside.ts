import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, Socket } from 'node:net';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { ORDERS_FD, PORT_MESSAGE, type InsideOrder } from './inside-order.ts';

/*
 * The one process of ours in a sandbox. It opens the port, hands it out to the process that bridges it to the mediator, and starts the
 * program. It keeps no way out: the connections of the port are taken outside.
 */

/** As shells have it: found but not executable, not found, ended by a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNALLED = 128;
/** The terminal's signals reach the program by themselves; the others come as orders. */
const UNHEARD = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

for (const signal of UNHEARD) process.on(signal, () => {});
const early: NodeJS.Signals[] = [];
let child: ChildProcess | null = null;
let isOrdered = false;
createInterface({ input: new Socket({ fd: ORDERS_FD, readable: true, writable: false }) }).on(
  'line',
  line => {
    if (!isOrdered)
      open(JSON.parse(line) as InsideOrder); // of `run`, as all lines are
    else if (child) child.kill(line as NodeJS.Signals);
    else early.push(line as NodeJS.Signals);
    isOrdered = true;
  },
);

function open(order: InsideOrder): void {
  const server = createServer();
  server.once('error', error => {
    process.stderr.write(`egresstop: the sandbox has no port ${order.port}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(order.port, '127.0.0.1', () => {
    process.send?.(PORT_MESSAGE, server, {}, () => {
      server.close();
      process.disconnect();
      child = start(order);
      for (const signal of early) child.kill(signal);
    });
  });
}

function start({ program, args, env }: InsideOrder): ChildProcess {
  const started = spawn(program, args, { stdio: 'inherit', env });
  started.once('error', (error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT';
    process.stderr.write(`egresstop: ${program}: ${isMissing ? 'command not found' : error.message}\n`);
    process.exit(isMissing ? NOT_FOUND : NOT_EXECUTABLE);
  });
  started.once('exit', (code, signal) =>
    process.exit(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
  );
  return started;
}
