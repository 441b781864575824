import { undoReason, undoTarget } from '../../../core/fleet/undo-target.ts';
import { note } from '../../output.ts';
import { changeFleet, type FleetEditFlags } from './fleet-edit.ts';
import { wholeText } from './open-policy.ts';

/** `fleet policy undo`: the text before the newest value that was not taken back yet. A second undo takes back the one before. */
export async function undoFleet(address: string, flags: FleetEditFlags): Promise<number> {
  let reason = flags.reason;
  return changeFleet(address, flags, {
    change: open => {
      const target = undoTarget(open.kept.chain);
      if (!target) return { type: 'unchanged', why: 'there is nothing to undo' };
      reason = undoReason(target.undone);
      note(`takes back ${target.undone.value.reason} of ${target.undone.value.at}`);
      return wholeText(open, target.text);
    },
    terms: () => ({ reason: reason ?? '', mayInterrupt: true }),
  });
}
