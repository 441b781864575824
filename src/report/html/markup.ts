import { visible } from '../../core/visible.ts';

/** A piece of HTML or SVG that may stand in a page as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The parts of a page: markup, lists of it, and untrusted texts. */
export type Content = Markup | string | number | null | readonly Content[];

/**
 * Fills a template. Values that are not markup are made visible and escaped. So no name, reason or path can form an element,
 * leave an attribute (always in double quotes) or reverse the text.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(parts.map((part, index) => part + textOf(values[index] ?? null)).join(''));

function textOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  return typeof content === 'string' ? escape(content) : content.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => visible(text).replace(/[&<>"']/g, sign => ENTITIES[sign] ?? '');
