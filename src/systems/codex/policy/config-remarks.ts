import type { Problem } from '../../../core/problem.ts';
import { lineOf } from './profile-policy.ts';
import type { FoundConfig, Profile } from './read-config.ts';

type Place = { readonly line: number; readonly column: number; readonly file?: string } | null;

/** Remarks on settings that make the named profile, or every profile, ineffective. */
export function configRemarks(config: FoundConfig, name: string | null, source: string): readonly Problem[] {
  const warning = (place: Place, why: string, remedy: string): Problem => ({
    source: place?.file ?? source,
    line: place?.line ?? null,
    column: place?.column ?? null,
    severity: 'warning',
    why,
    remedy,
  });
  const line = lineOf(config, name);
  const { olderSettings, proxy, selected } = config;
  return [
    ...olderSettings.map(older =>
      warning(
        older,
        `${older.key} switches every permission profile off: Codex follows the older sandbox settings`,
        'remove it',
      ),
    ),
    ...(line.length === 0
      ? [
          warning(
            selected,
            whyNone(name),
            'write default_permissions = "NAME" and [permissions.NAME.network]',
          ),
        ]
      : profileRemarks(line, warning)),
    ...(line.length > 0 && selected === null
      ? [
          warning(
            null,
            'default_permissions is not written: Codex uses none of these profiles by itself',
            `write default_permissions = "${name ?? ''}"`,
          ),
        ]
      : []),
    ...(line.length > 0 && selected !== null && selected.value !== name
      ? [
          warning(
            selected,
            `default_permissions selects ${String(selected.value)}, and not ${name ?? ''}`,
            'start Codex with this profile, or select it',
          ),
        ]
      : []),
    ...(line.length > 0 && proxy?.value !== true
      ? [
          warning(
            proxy,
            'features.network_proxy is not true: without the proxy no domain is enforced',
            'set it to true under [features]',
          ),
        ]
      : []),
  ];
}

const whyNone = (name: string | null): string =>
  name === null
    ? 'no permission profile is selected: nothing here rules on hosts'
    : `the selected profile ${name} does not stand in this file: nothing here rules on hosts`;

function profileRemarks(
  line: readonly Profile[],
  warning: (place: Place, why: string, remedy: string) => Problem,
): readonly Problem[] {
  const [own] = line;
  if (!own) return [];
  const enabled = line.find(profile => profile.enabled !== null)?.enabled ?? null;
  const mode = line.find(profile => profile.mode !== null)?.mode ?? null;
  return [
    ...(enabled?.value === true
      ? []
      : [
          warning(
            enabled ?? own,
            `network.enabled of ${own.name} is not true: commands have no network at all`,
            'set it to true',
          ),
        ]),
    ...(mode?.value === 'limited'
      ? [
          warning(
            mode,
            'mode is limited: only GET, HEAD and OPTIONS are let through',
            'write mode = "full" if that is not meant',
          ),
        ]
      : []),
  ];
}
