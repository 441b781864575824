/**
 * Characters that look like an ASCII letter in most fonts: those of UTS 39 `confusables.txt` that a host name may hold. They are Cyrillic,
 * Greek, Armenian, and Latin with a hook. Digits and pairs of ASCII characters that resemble a letter are added.
 */
const LOOKS: Readonly<Record<string, string>> = {
  а: 'a',
  ɑ: 'a',
  α: 'a',
  ь: 'b',
  Ь: 'b',
  с: 'c',
  ϲ: 'c',
  ԁ: 'd',
  ɗ: 'd',
  е: 'e',
  ҽ: 'e',
  ё: 'e',
  ƒ: 'f',
  ɡ: 'g',
  ց: 'g',
  һ: 'h',
  հ: 'h',
  і: 'l',
  ı: 'l',
  ɩ: 'l',
  ι: 'l',
  ӏ: 'l',
  ї: 'l',
  ј: 'j',
  ϳ: 'j',
  κ: 'k',
  к: 'k',
  ḷ: 'l',
  ո: 'n',
  ղ: 'n',
  п: 'n',
  η: 'n',
  о: 'o',
  ο: 'o',
  օ: 'o',
  σ: 'o',
  р: 'p',
  ρ: 'p',
  ԛ: 'q',
  զ: 'q',
  г: 'r',
  ѕ: 's',
  ʂ: 's',
  т: 't',
  τ: 't',
  υ: 'u',
  ս: 'u',
  ц: 'u',
  ν: 'v',
  ѵ: 'v',
  ԝ: 'w',
  ѡ: 'w',
  ω: 'w',
  х: 'x',
  χ: 'x',
  у: 'y',
  γ: 'y',
  ү: 'y',
  ʐ: 'z',
  ᴢ: 'z',
  '0': 'o',
  '1': 'l',
  i: 'l',
  '3': 'e',
  '5': 's',
};

const ASCII = /^[\0-\x7f]*$/;

/** The text with each character replaced by the one it looks like (UTS 39 §4). Two names with equal skeletons look alike. */
export function skeleton(text: string): string {
  const bare = ASCII.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '');
  const read = ASCII.test(bare)
    ? bare
    : Array.from(bare, character => LOOKS[character] ?? character).join('');
  return read
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[0135i]/g, digit => LOOKS[digit] ?? digit);
}
