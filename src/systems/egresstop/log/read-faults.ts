import type { PlacedFault } from '../../../core/problem.ts';
import { count, isObject, text } from '../../../core/record.ts';

/** The problems of a policy file that a mediator tells on its socket. Values that are no problems are left out. */
export const readFaults = (value: unknown): readonly PlacedFault[] =>
  (Array.isArray(value) ? value : []).filter(isObject).map(fault => ({
    source: text(fault, 'source') ?? '',
    line: count(fault, 'line'),
    column: count(fault, 'column'),
    why: text(fault, 'why') ?? '',
    remedy: text(fault, 'remedy'),
  }));
