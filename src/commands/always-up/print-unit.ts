import { resolve } from 'node:path';
import { misuse } from '../../core/failure.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { composeFile } from './compose-file.ts';
import { launchdAgent } from './launchd-agent.ts';
import type { Service } from './mediator-up.ts';
import { systemdUnit } from './systemd-unit.ts';

/** The supported service managers. */
const MANAGERS = ['systemd', 'launchd', 'compose'] as const;
type Manager = (typeof MANAGERS)[number];

/** The flags of `service print`. */
export interface ServiceFlags {
  readonly listen?: string;
  readonly mode?: string;
  readonly policy?: string;
}

const FORMS: Readonly<Record<Manager, (service: Service) => string>> = {
  systemd: systemdUnit,
  launchd: launchdAgent,
  compose: composeFile,
};

/** Prints a service file for this machine and user. Writes no file. */
export async function printService(manager: string, flags: ServiceFlags): Promise<number> {
  const form = MANAGERS.find(known => known === manager);
  if (!form) throw misuse(`no service manager is named ${manager}: it is one of ${MANAGERS.join(', ')}`);
  const output = new Output();
  await output.text(FORMS[form](serviceOf(flags)));
  await output.flush();
  return 0;
}

function serviceOf({ listen = '127.0.0.1:8877', mode = 'guarded', policy }: ServiceFlags): Service {
  if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):[1-9]\d{0,4}$/.test(listen))
    throw misuse(`--listen wants a loopback address and a port of its own, as 127.0.0.1:8877: ${listen}`);
  const files = ownFiles(placesOf(undefined), process.getuid?.());
  const script = process.argv[1];
  if (script === undefined) throw misuse('the program does not know its own path');
  return {
    ...files,
    program: [process.execPath, resolve(script)],
    listen,
    mode,
    policy: policy === undefined ? files.policy : resolve(policy),
    user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
  };
}
