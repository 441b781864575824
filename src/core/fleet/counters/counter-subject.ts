import type { CounterDocument } from './counter-document.ts';
import { tokenOf } from './token.ts';

/** The prefix of all subjects of counters. */
export const COUNTER_ROOT = 'egress.sum';

/** The subject of a document. A reader must refuse a document that came under another subject. */
export function subjectOf(document: CounterDocument): string {
  const start = `${COUNTER_ROOT}.${tokenOf(document.tenant)}.${tokenOf(document.machine)}`;
  switch (document.type) {
    case 'shard':
      return `${start}.${tokenOf(document.epoch)}.${document.shard}`;
    case 'ledger':
      return `${start}.${tokenOf(document.epoch)}.ledger`;
    case 'epochs':
      return `${start}.epochs`;
  }
}

/** The subject pattern for all counters of a tenant. */
export const subjectsOfTenant = (tenant: string): string => `${COUNTER_ROOT}.${tokenOf(tenant)}.>`;
