/** Numbers for names that many rows share. Each name is stored once, as long as a row holds it. No name has the number 0. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [''];
  readonly #holders: number[] = [0];
  readonly #freed: number[] = [];

  /** The number of a name, which stays its own until it is dropped as often as it was held. */
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

  /** 0 where nobody holds the name. */
  find(name: string): number {
    return this.#numbers.get(name) ?? 0;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  /** 0 is nobody's: dropping it does nothing. */
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
