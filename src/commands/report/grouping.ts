import { misuse } from '../../core/failure.ts';
import { GROUP_FIELDS, Groups, type GroupField } from '../../core/traffic/groups.ts';

/** The groups for `--by`; null if the hosts' own rows are enough. An unknown or repeated field is wrong usage. */
export function groupsBy(by: string): Groups | null {
  const fields = by.split(',').map(fieldOf);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) throw misuse(`--by has ${twice} twice`);
  return fields.join() === 'host' ? null : new Groups(fields);
}

function fieldOf(name: string): GroupField {
  const field = GROUP_FIELDS.find(known => known === name.trim());
  if (field === undefined)
    throw misuse(`--by knows ${GROUP_FIELDS.join(', ')}, not ${JSON.stringify(name)}, as in --by host,tool`);
  return field;
}
