import { isRefusedCertificate, type Decision, type Verdict } from '../event.ts';
import type { HostDenials } from './denials.ts';
import type { NameCounts } from './tally.ts';
import type { NameVerdicts } from './verdict-tallies.ts';
import type { CountedFields, AlikeEvents } from './sums/event-sum.ts';
import { REFERENCE } from './row-store.ts';
import { MISSING, TrafficRow } from './traffic-row.ts';

/** The row of a host: a TrafficRow with the callers, the tools and the reasons of denials. */
export class HostRow extends TrafficRow {
  /** Decisions by tool, whatever their verdict. */
  get tools(): NameCounts {
    return this.store.verdictTallies.totalsOf(this.reference(REFERENCE.tools));
  }

  /** Decisions by agent, whatever their verdict. */
  get agents(): NameCounts {
    return this.store.verdictTallies.totalsOf(this.reference(REFERENCE.agents));
  }

  /** Decisions by tool and verdict; they add up to the counts of the host. */
  get byTool(): NameVerdicts {
    return this.store.verdictTallies.of(this.reference(REFERENCE.tools));
  }

  /** Decisions by agent and verdict; they add up to the counts of the host. */
  get byAgent(): NameVerdicts {
    return this.store.verdictTallies.of(this.reference(REFERENCE.agents));
  }

  get reasons(): NameCounts {
    return this.#tally(REFERENCE.reasons);
  }

  get systems(): NameCounts {
    return this.#tally(REFERENCE.systems);
  }

  #tally(column: number): NameCounts {
    return this.store.tallies.of(this.reference(column));
  }

  /** The denied agents and tools, with the reasons. Null without denials, and where reasons are not kept. */
  get denied(): HostDenials | null {
    const first = this.reference(REFERENCE.denials);
    return first === 0 ? null : this.store.denials.of(first);
  }

  /** The reasons why clients refused the mediator's certificate, which pinning causes; null without such refusals. */
  get refusedCertificate(): NameCounts | null {
    return this.reference(REFERENCE.refusedCertificate) === 0
      ? null
      : this.#tally(REFERENCE.refusedCertificate);
  }

  /** The address of the latest connection; null where none is known. */
  get address(): string | null {
    return this.store.names.nameOf(this.reference(REFERENCE.address)) || null;
  }

  record(event: Decision, namesPerHost: number): void {
    const { verdict } = event;
    this.decided(event);
    this.#ruled(event, 1, namesPerHost);
    this.usedAll('tools', [event.tool ?? MISSING, verdict, 1], namesPerHost);
    this.usedAll('agents', [event.agent ?? MISSING, verdict, 1], namesPerHost);
    if (verdict === 'deny') this.deniedAll(event, 1, namesPerHost);
    this.#dialled(event.address);
  }

  /** `record` for many equal events. */
  recordAll(sum: AlikeEvents, verdict: Verdict, namesPerHost: number): void {
    const { event, count, last } = sum;
    const [tool, agent] = [event.tool ?? MISSING, event.agent ?? MISSING];
    if (event.address !== null) this.dialledAt(event.address, last);
    this.ruledAll(sum, verdict, namesPerHost);
    this.usedAll('tools', [tool, verdict, count], namesPerHost);
    this.usedAll('agents', [agent, verdict, count], namesPerHost);
    if (verdict === 'deny') this.deniedAll(event, count, namesPerHost);
  }

  /** Adds the rulings of many equal events, with their bytes and durations. */
  ruledAll(sum: AlikeEvents, verdict: Verdict, namesPerHost: number): void {
    this.decidedAll(sum, verdict);
    this.#ruled(sum.event, sum.count, namesPerHost);
  }

  /** Adds the agent or the tool of many equal events. */
  usedAll(by: 'tools' | 'agents', ruled: readonly [string, Verdict, number], namesPerHost: number): void {
    this.store.rule(this.row, REFERENCE[by], ruled, namesPerHost);
  }

  /** Adds many equal denials with their agent and tool. */
  deniedAll({ system, reason, agent, tool }: CountedFields, times: number, namesPerHost: number): void {
    const denial = { system, reason, agent: agent ?? MISSING, tool: tool ?? MISSING };
    this.store.deny(this.row, denial, times, namesPerHost);
  }

  /**
   * Adds many denials with one system and reason. Returns the number of their kind for `deniedBy`, which adds agents and tools; 0: reasons
   * are not kept.
   */
  deniedMany({ system, reason }: CountedFields, times: number, namesPerHost: number): number {
    return this.store.denyMany(this.row, { system, reason }, times, namesPerHost);
  }

  deniedBy(
    denials: number,
    by: 'tools' | 'agents',
    named: readonly [string, number],
    namesPerHost: number,
  ): void {
    this.store.denials.addNamed(denials, by, named, namesPerHost);
  }

  /** Notes the address of a connection at `last`, unless a later connection is known. */
  dialledAt(address: string, last: number | null): void {
    if (this.address === null || this.isNews(last)) this.#dialled(address);
  }

  #ruled(event: CountedFields, times: number, namesPerHost: number): void {
    const { store, row } = this;
    const { system, reason } = event;
    store.count(row, REFERENCE.systems, system, times, namesPerHost);
    if (reason !== null) store.count(row, REFERENCE.reasons, reason, times, namesPerHost);
    if (isRefusedCertificate(event))
      store.count(row, REFERENCE.refusedCertificate, reason ?? MISSING, times, namesPerHost);
  }

  #dialled(address: string | null): void {
    if (address !== null) this.store.name(this.row, REFERENCE.address, address);
  }

  /** Adds the counts of another row. */
  absorb(newer: HostRow, namesPerHost: number): void {
    const { store, row } = this;
    this.merge(newer);
    store.mergeRuled(row, REFERENCE.tools, newer.byTool, namesPerHost);
    store.mergeRuled(row, REFERENCE.agents, newer.byAgent, namesPerHost);
    store.merge(row, REFERENCE.systems, newer.systems, namesPerHost);
    store.merge(row, REFERENCE.reasons, newer.reasons, namesPerHost);
    if (newer.denied) store.mergeDenials(row, newer.denied, namesPerHost);
    if (newer.refusedCertificate)
      store.merge(row, REFERENCE.refusedCertificate, newer.refusedCertificate, namesPerHost);
    this.#dialled(newer.address);
  }

  /** Frees the row's storage. Afterwards the row reads as empty. */
  forget(): void {
    this.store.free(this.row);
    this.row = 0;
  }
}
