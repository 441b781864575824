import { visible } from '../../core/visible.ts';

/** HTML or SVG that may be put into a page unchanged. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The content of a page: markup, lists of content, and untrusted texts. */
export type Content = Markup | string | number | null | readonly Content[];

/**
 * Fills a template. Values that are not markup are made visible and escaped. So no text can form an element, leave an attribute (always in
 * double quotes) or reverse the text.
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
