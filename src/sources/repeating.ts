/**
 * Does a task again and again, never twice at a time: when woken, and by itself after as many milliseconds as its last run returned.
 * A task that throws is a bug, and ends the program.
 */
export class Repeating {
  readonly #task: () => Promise<number>;
  #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;

  constructor(task: () => Promise<number>, firstAfterMs: number) {
    this.#task = task;
    this.#timer = setTimeout(() => this.wake(), firstAfterMs);
  }

  /** Does the task now, or once more when it is under way. */
  wake(): void {
    this.#isWanted = true;
    if (!this.#isStopped) this.#running ??= this.#run();
  }

  /** No further run begins; settles when the last one is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    let pauseMs = 0;
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      pauseMs = await this.#task();
    }
    this.#running = null;
    if (!this.#isStopped) this.#timer = setTimeout(() => this.wake(), pauseMs);
  }
}
