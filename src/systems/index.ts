import { aasm } from './aasm/index.ts';
import { awf } from './awf/index.ts';
import { claudeCode } from './claude-code/index.ts';
import { codex } from './codex/index.ts';
import { egresstop } from './egresstop/index.ts';
import { ironProxy } from './iron-proxy/index.ts';
import { microagent } from './microagent/index.ts';
import { openshell } from './openshell/index.ts';
import { orcarouter } from './orcarouter/index.ts';
import { pipelock } from './pipelock/index.ts';
import { sandboxRuntime } from './sandbox-runtime/index.ts';
import { sbx } from './sbx/index.ts';
import { squid } from './squid/index.ts';
import type { System } from './system.ts';
import { zeph } from './zeph/index.ts';

/** All systems, in the order in which they are asked whether they recognise a record (README, "How a record is recognised"). */
export const SYSTEMS: readonly System[] = [
  sandboxRuntime,
  claudeCode,
  codex,
  ironProxy,
  sbx,
  orcarouter,
  openshell,
  pipelock,
  aasm,
  awf,
  squid,
  zeph,
  egresstop,
  microagent,
];
