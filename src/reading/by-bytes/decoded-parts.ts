import type { EgressEvent } from '../../core/event.ts';
import type { HostFields, RulingFields } from '../../core/traffic/sums/sum-table.ts';

/** The least number of a value that was decoded: above all that a kernel gives. */
export const FIRST_DECODED = 2 ** 20;

/** Numbers for the values of the four parts of decoded events. */
export class DecodedParts {
  readonly rulings = new Numbered<RulingFields>(({ system, kind, verdict, reason, interception }) =>
    JSON.stringify([system, kind, verdict, reason, interception]),
  );
  readonly hosts = new Numbered<HostFields>(({ host, address }) =>
    address === null ? (host ?? 0) : JSON.stringify([host, address]),
  );
  readonly tools = new Numbered<string | null>(tool => tool ?? 0);
  readonly agents = new Numbered<string | null>(agent => agent ?? 0);

  /** The numbers of an event's values, in the order of PARTS. */
  numbersOf(event: EgressEvent): readonly number[] {
    const { system, kind, verdict, reason, interception, host, address, tool, agent } = event;
    return [
      this.rulings.numberOf({ system, kind, verdict, reason, interception }),
      this.hosts.numberOf({ host, address }),
      this.tools.numberOf(tool),
      this.agents.numberOf(agent),
    ];
  }

  /** How many values are held. */
  get size(): number {
    return this.rulings.size + this.hosts.size + this.tools.size + this.agents.size;
  }

  forget(): void {
    for (const numbered of [this.rulings, this.hosts, this.tools, this.agents]) numbered.forget();
  }
}

/** Numbers for values, from FIRST_DECODED on. */
class Numbered<Value> {
  readonly #keyOf: (value: Value) => string | number;
  readonly #numbers = new Map<string | number, number>();
  #values: Value[] = [];

  constructor(keyOf: (value: Value) => string | number) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#values.length;
  }

  numberOf(value: Value): number {
    const key = this.#keyOf(value);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = FIRST_DECODED + this.#values.length;
      this.#numbers.set(key, number);
      this.#values.push(value);
    }
    return number;
  }

  /** Undefined for a number that was not given. */
  valueOf(number: number): Value | undefined {
    return this.#values[number - FIRST_DECODED];
  }

  forget(): void {
    this.#numbers.clear();
    this.#values = [];
  }
}
