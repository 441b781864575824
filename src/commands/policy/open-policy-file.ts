import { PolicyFile } from '../../policy-file/policy-file.ts';
import { actorOf, ownJournal } from '../places.ts';
import type { PolicyTarget } from './policy-target.ts';

/** The operator's policy file, edited by this user under egresstop's own journal. */
export const openPolicyFile = ({ path, dialect }: PolicyTarget, now: () => number): PolicyFile =>
  new PolicyFile({ path, dialect, journal: ownJournal(), actor: actorOf(), now });
