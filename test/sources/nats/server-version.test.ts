import { expect, it } from 'vitest';
import { versionWarning } from '../../../src/sources/nats/server-version.ts';

it.each(['2.11.16', '2.11.20', '2.12.7', '2.14.0', '2.15.1', '3.0.0', 'v2.12.8-RC.1'])(
  'a server of version %s is not warned of',
  version => {
    expect(versionWarning(version)).toBeNull();
  },
);

it.each(['2.9.10', '2.10.99', '2.11.15', '2.12.6', '2.13.9', '1.4.1', 'unknown', ''])(
  'a server of version %j is warned of',
  version => {
    expect(versionWarning(version)).toContain('keep it off networks');
  },
);
