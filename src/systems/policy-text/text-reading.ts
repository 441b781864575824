import type { Problem } from '../../core/problem.ts';
import { TextPlaces, type Place } from './text-places.ts';

/** Reads one text: converts offsets to positions and collects the problems. */
export class TextReading {
  readonly text: string;
  readonly path: string;
  readonly problems: Problem[] = [];
  readonly #places: TextPlaces;

  constructor(text: string, path: string) {
    [this.text, this.path] = [text, path];
    this.#places = new TextPlaces(text);
  }

  place(offset: number): Place {
    return this.#places.at(offset);
  }

  offsetOf(place: Place): number {
    return this.#places.offsetOf(place);
  }

  error(offset: number, why: string, remedy: string): void {
    this.problems.push({ source: this.path, ...this.place(offset), severity: 'error', why, remedy });
  }
}
