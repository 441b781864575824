import type { NatsConnection } from '@nats-io/transport-node';
import { RecordFiles, type RecordFilesOptions } from '../../../reading/resumed/record-files.ts';
import { makeRecordStream } from '../../../sources/nats/fleet-streams.ts';
import { RecordLog } from '../../../sources/nats/records/record-log.ts';

export interface RecordShipment extends RecordFilesOptions {
  readonly tenant: string;
  readonly machine: string;
}

/**
 * Ships the records of this machine's logs, one batch at a time. The server's newest batch says where to go on, so that nothing is
 * kept here. The server refuses a batch that is not the next one.
 */
export class RecordShipper {
  readonly #shipment: RecordShipment;
  readonly #files: RecordFiles;
  #log: RecordLog | null = null;
  #connection: NatsConnection | null = null;
  /** The newest message of this machine; null until the server told it on this connection. */
  #after: number | null = null;

  constructor(shipment: RecordShipment) {
    [this.#shipment, this.#files] = [shipment, new RecordFiles(shipment)];
  }

  /** The server was reached. */
  board(connection: NatsConnection): void {
    [this.#connection, this.#log] = [connection, new RecordLog(connection, this.#shipment)];
  }

  /** The connection was lost: how far the server has the records is asked again. */
  forgetServer(): void {
    this.#after = null;
  }

  /** Ships all that is wanted now. Null when the server has stored it; else why it has not. */
  async ship(signal: AbortSignal): Promise<string | null> {
    if (!this.#log) return 'away';
    try {
      while (!signal.aborted) {
        const after = (this.#after ??= await this.#meet(this.#log));
        const batch = await this.#files.next();
        if (batch === null) return null;
        const stored = await this.#log.publish(batch, after);
        this.#after = stored.type === 'stored' ? stored.sequence : null; // another shipper of this machine was faster
      }
      return 'ended';
    } catch (error) {
      this.forgetServer();
      if (!(error instanceof Error)) throw error;
      return `records: ${error.name === 'TimeoutError' ? 'the server does not answer' : error.message}`;
    }
  }

  async #meet(log: RecordLog): Promise<number> {
    const { sequence, cursors } = await log.newest().catch(async (error: unknown) => {
      if (!this.#connection || !isSilent(error)) throw error;
      await makeRecordStream(this.#connection); // an old server is silent about a stream that it does not have
      return log.newest();
    });
    this.#files.beginAt(cursors);
    return sequence;
  }
}

const isSilent = (error: unknown): boolean =>
  error instanceof Error && ['TimeoutError', 'NoRespondersError', 'RequestError'].includes(error.name);
