import { parentPort } from 'node:worker_threads';

/*
 * A look-up that is stuck: it takes the first question, and then blocks its thread until the thread is ended.
 */
parentPort?.once('message', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
