import { describeProblem, isError, type Problem } from '../../core/problem.ts';
import type { FieldMap } from '../../core/maps/field-map.ts';
import { plural } from '../../core/grouped.ts';
import { parseObject } from '../../core/record.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { systemOf } from '../../systems/decode-line.ts';
import { SYSTEMS } from '../../systems/index.ts';
import { readMapFile } from '../../systems/maps/load-maps.ts';
import { Output } from '../output.ts';

/** Reads maps and checks their samples. Prints each problem with its place. Exit 1 if a map has an error. */
export async function checkMaps(
  files: readonly string[],
  { json }: { readonly json?: true },
): Promise<number> {
  const checked = await Promise.all(
    files.map(async file => {
      const { map, problems } = await readMapFile(file);
      return { file, map, problems: [...problems, ...(map ? takenSamples(map) : [])] };
    }),
  );
  const output = new Output();
  if (json)
    await output.text(
      `${toJson(
        checked.map(({ file, map, problems }) => ({
          file,
          valid: map !== null,
          name: map?.name ?? null,
          problems: problems.map(({ line, column, severity, why, remedy }) => ({
            line,
            column,
            severity,
            why,
            remedy,
          })),
        })),
        2,
      )}\n`,
    );
  else
    for (const { file, map, problems } of checked) {
      for (const problem of problems) await output.line(visible(describeProblem(problem)));
      if (map)
        await output.line(
          visible(`${file}: ${map.name} is valid: ${plural(map.samples.length, 'sample')} hold`),
        );
    }
  await output.flush();
  return checked.some(({ problems }) => problems.some(isError)) ? 1 : 0;
}

/** The problems of samples that a built-in system recognises, so that the map never gets such records. */
function takenSamples(map: FieldMap): readonly Problem[] {
  return map.samples.flatMap(({ line, at }) => {
    const record = parseObject(line);
    const system = record && systemOf(record, SYSTEMS);
    if (!system) return [];
    return [
      {
        source: map.file ?? map.name,
        line: at,
        column: null,
        severity: 'warning',
        why: `the sample is a record of ${system.name}, which is asked before every map`,
        remedy: `read such a log with --system ${map.name}`,
      },
    ];
  });
}
