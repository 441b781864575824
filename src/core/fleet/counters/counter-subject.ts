import type { CounterDocument } from './counter-document.ts';
import { tokenOf } from './token.ts';

/** Subjects of counters begin so. */
export const COUNTER_ROOT = 'egress.sum';

/** The subject that a document is published under; it must be the one that it was received under. */
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

/** All counters of a tenant. */
export const subjectsOfTenant = (tenant: string): string => `${COUNTER_ROOT}.${tokenOf(tenant)}.>`;
