import type { RecordShape } from '../../../core/record-shape.ts';
import { mediatorShape } from '../../microagent/log/record-shape.ts';

/** The shape of the mediator's records: microagent's keys and further ones. */
export const ownShape: RecordShape = {
  system: 'egresstop',
  required: [...mediatorShape.required, 'mediator'],
  parts: {
    ruling: [...mediatorShape.parts.ruling, 'mediator', 'interception', 'refused'],
    host: mediatorShape.parts.host,
    tool: ['tool'],
    agent: ['agent'],
  },
  standIns: mediatorShape.standIns,
  silent: [
    ...mediatorShape.silent,
    'runtime_id',
    'correlation_id',
    'policy',
    'entry',
    'url',
    'bytes_out',
    'bytes_in',
    'entry_line',
    'nearest',
    'question',
    'asked',
    'waited_ms',
    'answer',
    'for',
    'by',
    'via',
    'attempts',
    'held',
    'port',
    'protocol',
    'pid',
    'process',
    'sampled',
  ],
  time: mediatorShape.time,
  measured: { bytes: 'bytes', durationMs: 'duration_ms', status: 'status' },
};
