import type { EnvelopeForm } from './envelope-forms.ts';
import { EnvelopeItems, type EnvelopeStep } from './envelope-items.ts';
import type { LineNumbers } from './line-numbers.ts';

const [LF, CR, SPACE] = [0x0a, 0x0d, 0x20];

/** The lines that bytes of an envelope became, and the bytes behind its end; null where it goes on. */
interface ReadOn {
  readonly lines: Buffer;
  readonly rest: Buffer | null;
}

/** Turns a long envelope into lines as its bytes come: each record goes out in an envelope of its own. It holds no record. */
export class EnvelopeLines {
  readonly #form: EnvelopeForm;
  readonly #items: EnvelopeItems;
  readonly #numbers: LineNumbers;
  /** Whether a record has begun that is not over. */
  isInRecord = false;

  constructor(form: EnvelopeForm, isOneLine: boolean, numbers: LineNumbers) {
    this.#form = form;
    this.#items = new EnvelopeItems(form.way, isOneLine);
    this.#numbers = numbers;
  }

  /** Overwrites the line ends within records. */
  push(bytes: Buffer): ReadOn {
    const out: Buffer[] = [];
    let read = 0;
    let rest: Buffer | null = null;
    for (const step of this.#items.push(bytes)) {
      if (step.type === 'item') {
        this.#numbers.count(bytes.subarray(read, step.start));
        out.push(...this.#record(bytes, step));
        read = step.end;
        continue;
      }
      this.#numbers.count(bytes.subarray(read, step.at));
      if (step.type === 'broken' && !step.isInItem)
        out.push(this.#numbers.padding(), this.#ending(this.#form.opening)); // told as a line that is cut off
      rest = bytes.subarray(step.at);
    }
    if (!rest) this.#numbers.count(bytes.subarray(read));
    return { lines: Buffer.concat(out), rest };
  }

  #record(bytes: Buffer, step: EnvelopeStep & { readonly type: 'item' }): readonly Buffer[] {
    const record = bytes.subarray(step.start, step.end);
    const before = step.isFirst ? [this.#numbers.padding(), Buffer.from(this.#form.opening)] : [];
    this.#numbers.count(record);
    for (let at = 0; at < record.length; at += 1)
      if (record[at] === LF || record[at] === CR) record[at] = SPACE;
    this.isInRecord = !step.isLast;
    return [...before, record, ...(step.isLast ? [this.#ending(this.#form.closing)] : [])];
  }

  #ending(text: string): Buffer {
    this.#numbers.written += 1;
    return Buffer.from(`${text}\n`);
  }
}
