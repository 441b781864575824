import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../../app/store.ts';
import { Failure } from '../../../core/failure.ts';
import {
  policySubject,
  POLICY_STREAM,
  REPORT_STREAM,
  reportSubjects,
} from '../../../core/fleet/policy-subject.ts';
import type { VerifiedValue } from '../../../core/fleet/policy-value.ts';
import { rolloutWords } from '../../../core/fleet/rollout.ts';
import type { RolloutStanding } from '../../../core/fleet/standings.ts';
import { isUnderWay } from '../../../core/fleet/undo-target.ts';
import type { Problem } from '../../../core/problem.ts';
import { parsePolicy } from '../../../policy-file/editing/edit.ts';
import { streamMessages, streamTrouble } from '../../../sources/nats/stream-messages.ts';
import { trouble } from '../../../sources/trouble.ts';
import { heardReport, type HeardReport, machinesOf, standingOf } from '../../fleet/policy/machine-reports.ts';
import type { FleetDesk } from './fleet-desk.ts';
import { journalOf } from './fleet-journal.ts';
import { revisionOf } from './fleet-policy-port.ts';

/** A policy is read again so often, although each new value is heard at once. */
const AGAIN_MS = 5_000;
/** Reports that come within this time are told at once. */
const GATHER_MS = 200;

/** Tells the store the text of a fleet's policy, now and whenever a new value is stored. Returns its stop, which ends the desk, too. */
export function followFleetPolicy(desk: FleetDesk, store: Store): () => Promise<void> {
  const news = new FleetPolicyNews(desk, store);
  const running = news.run();
  return async () => {
    await desk.stop();
    await running;
  };
}

class FleetPolicyNews {
  readonly #desk: FleetDesk;
  readonly #store: Store;
  #told = '';
  /** The values of the policy, oldest first; null before it was read. */
  #chain: readonly string[] | null = null;
  #underWay: RolloutStanding | null = null;
  readonly #reports = new Map<string, HeardReport>();
  #telling: NodeJS.Timeout | null = null;

  constructor(desk: FleetDesk, store: Store) {
    [this.#desk, this.#store] = [desk, store];
  }

  async run(): Promise<void> {
    await Promise.all([this.#again(() => this.#follow()), this.#again(() => this.#followReports())]);
    if (this.#telling) clearTimeout(this.#telling);
  }

  async #again(follow: () => Promise<void>): Promise<void> {
    const { signal } = this.#desk;
    while (!signal.aborted) {
      try {
        await follow();
      } catch (error) {
        if (signal.aborted) return;
        this.#refuse(problemOf(error, this.#desk.target.shownPath));
      }
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined); // it was stopped: the loop ends
    }
  }

  async #follow(): Promise<void> {
    const { signal, target } = this.#desk;
    const { connection } = await this.#desk.session();
    const part = { stream: POLICY_STREAM, subject: policySubject(target.key), from: 'newest' } as const;
    for await (const message of streamMessages(connection, part, signal)) {
      if (signal.aborted) return;
      if (message === null || message.pending === 0) await this.#look();
    }
  }

  async #followReports(): Promise<void> {
    const { signal } = this.#desk;
    const { connection, tenant } = await this.#desk.session();
    const part = { stream: REPORT_STREAM, subject: reportSubjects(tenant), from: 'newest' } as const;
    for await (const message of streamMessages(connection, part, signal)) {
      if (signal.aborted) return;
      const { subject = '', data, at = 0 } = message ?? {};
      const heard = data && heardReport({ subject, text: new TextDecoder().decode(data), at });
      if (heard) this.#reports.set(heard.report.machine, heard);
      if (message === null || message.pending === 0) this.#standSoon();
    }
  }

  #standSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      if (this.#chain !== null) this.#tellStandings(this.#chain);
    }, GATHER_MS);
  }

  #tellStandings(chain: readonly string[]): void {
    const { key } = this.#desk.target;
    const newest = chain.at(-1) ?? null;
    const machines = machinesOf([...this.#reports.values()], key).map(heard => {
      const standing = standingOf(heard, newest);
      return [
        heard.report.machine,
        { standing, detail: standing === 'pending' ? '' : heard.report.detail },
      ] as const;
    });
    this.#store.dispatch({
      type: 'machines-stood',
      standings: { chain, machines: new Map(machines), underWay: this.#underWay },
    });
  }

  async #look(): Promise<void> {
    const open = await this.#desk.open();
    this.#chain = open.kept.chain.map(({ id }) => id);
    const { current } = open.kept;
    this.#underWay = current && isUnderWay(current) ? rolloutStanding(current.value) : null;
    this.#standSoon();
    const { shownPath, dialect, readOnly } = this.#desk.target;
    const parsed = parsePolicy({ text: open.text, path: open.kept.key.name, dialect });
    if ('type' in parsed) {
      this.#told = '';
      return this.#store.dispatch({
        type: 'policy-rejected',
        path: shownPath,
        trouble: 'invalid',
        problems: parsed.problems,
      });
    }
    const revision = revisionOf(open);
    if (revision !== this.#told) {
      const linted = dialect.parse(open.text, open.kept.key.name);
      this.#store.dispatch({
        type: 'policy-loaded',
        policy: {
          path: shownPath,
          dialect: dialect.name,
          matchers: dialect.matchers,
          policy: parsed.policy,
          revision,
          loadedAt: Date.now(),
          problems: [
            ...(linted.type === 'valid' ? linted.problems : []),
            ...(open.kept.trouble === null ? [] : [trouble(shownPath, open.kept.trouble, LOOK_AT)]),
          ],
          trouble: null,
          ...(readOnly === undefined ? {} : { readOnly }),
        },
      });
    }
    this.#told = revision;
    this.#store.dispatch({ type: 'journal-read', journal: journalOf(open) });
  }

  #refuse(problem: Problem): void {
    this.#told = '';
    this.#store.dispatch({
      type: 'policy-rejected',
      path: this.#desk.target.shownPath,
      trouble: 'unreadable',
      problems: [problem],
    });
  }
}

function rolloutStanding({ rollout, reason }: VerifiedValue['value']): RolloutStanding | null {
  return rollout && { words: rolloutWords(rollout), isHalted: rollout.isHalted, reason };
}

const LOOK_AT = '`egresstop fleet policy history` lists the values';

function problemOf(error: unknown, source: string): Problem {
  if (error instanceof Failure) return trouble(source, error.message, error.remedy ?? 'check the server');
  return streamTrouble(error, source).problem;
}
