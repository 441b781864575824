import type { Socket } from 'node:net';
import { until } from '../../until.ts';

/** One step of a peer: send bytes, wait until bytes came, end the sending side, reset the connection, or close it. */
export type Step =
  | { readonly say: string }
  | { readonly hear: string }
  /** Sends bytes one by one. */
  | { readonly trickle: string }
  /** Waits until the other script's peer has heard that. */
  | { readonly arrives: string }
  /** Waits until the far end ended or closed. */
  | 'left'
  | 'end'
  | 'reset'
  | 'close';

/** One end of a connection that follows a script, and keeps all that it hears. */
export class ScriptedPeer {
  readonly #socket: Socket;
  readonly #reset: () => void;
  #heard = '';
  #hasEnded = false;

  /** `raw` is the connection below TLS, where there is TLS. */
  constructor(socket: Socket, raw: Socket = socket) {
    this.#socket = socket;
    this.#reset = () => raw.resetAndDestroy();
    socket.on('data', (chunk: Buffer) => (this.#heard += chunk.toString('latin1')));
    socket.on('error', () => socket.destroy());
    socket.once('end', () => (this.#hasEnded = true));
  }

  get heard(): string {
    return this.#heard;
  }

  /** Whether the far end ended its side in order. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Whether nothing more can be heard. */
  get isOver(): boolean {
    return this.#hasEnded || this.isClosed;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Follows the script until its end, or until the far end has gone. */
  async follow(steps: readonly Step[], far: () => ScriptedPeer | undefined = () => undefined): Promise<void> {
    for (const step of steps) {
      if (this.isClosed) return;
      if (step === 'left') await until(() => this.isOver, { describe: () => `the far end leaves` });
      else if (step === 'end') this.#socket.end();
      else if (step === 'reset') this.#reset();
      else if (step === 'close') this.#socket.destroy();
      else if ('say' in step) await this.#say(step.say);
      else if ('trickle' in step) for (const byte of step.trickle) await this.#say(byte);
      else if ('arrives' in step)
        await until(() => far()?.heard.includes(step.arrives), { describe: step.arrives });
      else {
        const { hear } = step;
        await until(() => this.#heard.includes(hear) || this.isOver, {
          describe: () => `to hear ${JSON.stringify(hear)}, heard ${JSON.stringify(this.#heard)}`,
        });
        if (!this.#heard.includes(hear)) return;
      }
    }
  }

  /** Sent before the next step: a reset would throw away what still waits. */
  #say(text: string): Promise<void> {
    return new Promise(resolve => this.#socket.write(text, 'latin1', () => resolve()));
  }
}
