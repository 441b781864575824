import type { JsonObject } from '../../../core/event.ts';
import { splitDestination, splitUrl, type Destination } from '../../../core/host.ts';
import { text } from '../../../core/record.ts';

/** Where the tool said that it goes: the row's host, its URL's, or else the one that its reason names. */
export function destinationOf(record: JsonObject): Destination {
  const named = splitDestination(text(record, 'egress_host') ?? '');
  const fromUrl = splitUrl(text(record, 'egress_url') ?? '');
  const told = [named, fromUrl, toldIn(text(record, 'reason') ?? '')].find(({ host }) => host !== null);
  if (!told) return { host: null, port: null };
  return { host: told.host, port: told.port ?? (told.host === fromUrl.host ? fromUrl.port : null) };
}

const toldIn = (reason: string): Destination => splitDestination(/\begress to (\S+)/.exec(reason)?.[1] ?? '');
