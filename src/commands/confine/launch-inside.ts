import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, Socket } from 'node:net';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { ORDERS_FD, PORT_MESSAGE, type InsideOrder } from './inside-order.ts';

/*
 * egresstop's process inside the sandbox. It opens the port, passes the listening socket to the process outside that connects it to the
 * mediator, and starts the program. Connections to the port are accepted outside, so the sandbox has no other way out.
 */

/** Exit codes as in shells: not executable, not found, ended by a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNALLED = 128;
/** Signals of the terminal reach the program directly; others come through the pipe. */
const UNHEARD = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

for (const signal of UNHEARD) process.on(signal, () => {});
const early: NodeJS.Signals[] = [];
let child: ChildProcess | null = null;
let isOrdered = false;
createInterface({ input: new Socket({ fd: ORDERS_FD, readable: true, writable: false }) }).on(
  'line',
  line => {
    if (!isOrdered)
      open(JSON.parse(line) as InsideOrder); // sent by `run`
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
