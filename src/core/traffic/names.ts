/** Reference-counted numbers for names that many rows share. Each name is stored once while it is held. No name has the number 0. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [''];
  readonly #holders: number[] = [0];
  readonly #freed: number[] = [];

  /** Takes a reference to a name and returns its number. The number stays the same until all references are dropped. */
  hold(name: string): number {
    const number = this.#numbers.get(name) ?? this.#numbered(name);
    this.#holders[number] = (this.#holders[number] ?? 0) + 1;
    return number;
  }

  #numbered(name: string): number {
    const number = this.#freed.pop() ?? this.#names.length;
    this.#names[number] = name;
    this.#holders[number] = 0;
    this.#numbers.set(name, number);
    return number;
  }

  /** The number of a name; 0 for a name that is not held. */
  find(name: string): number {
    return this.#numbers.get(name) ?? 0;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  /** Drops one reference. Dropping the number 0 does nothing. */
  drop(number: number): void {
    if (number === 0) return;
    const holders = (this.#holders[number] ?? 0) - 1;
    this.#holders[number] = holders;
    if (holders > 0) return;
    this.#numbers.delete(this.nameOf(number));
    this.#names[number] = '';
    this.#freed.push(number);
  }
}
