import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circles, codeOf, commentsOf, pathsUnder, ROOT, type SourceFile } from './source-tree.ts';

/** The rules that reading the files can hold. */
export type Rule = 'circles' | 'citations' | 'paths' | 'products' | 'titles';

/** Everything that breaks a rule: a path, with the word in question, or the title of a test. */
export function findings(
  rule: Rule,
  sources: readonly SourceFile[],
  tests: readonly SourceFile[],
): readonly string[] {
  switch (rule) {
    case 'circles':
      return [...circles(sources), ...circles(tests)].flat();
    case 'citations':
      return [...sources, ...tests].flatMap(({ path, text }) => (citesUnheld(text) ? [path] : []));
    case 'paths':
      return namedPaths([...sources, ...tests]).filter(path => !existsSync(join(ROOT, path)));
    case 'products':
      return sources.filter(({ layer }) => layer !== 'systems').flatMap(productsIn);
    case 'titles':
      return tests.flatMap(({ text }) => titlesIn(text, 'tests').filter(isHalfSentence));
  }
}

/** Documents that a clone does not hold, followed by a section, or their folder. */
const CITATION = /\b(?:DESIGN|FORMATS|STYLE|HOUSE|TERMINAL|FLEET)\b(?:-\d)?(?:\.md)?,? §|\bshared\/[A-Z]/;

/** Whether a comment or a title cites such a document. */
const citesUnheld = (text: string): boolean =>
  [...commentsOf(text), ...titlesIn(text, 'groups and tests')].some(part => CITATION.test(part));

const PATH = /(?<![\w./*-])(?:src|test)\/[\w./…-]*\w/g;

/** The paths of src and test in the comments of these files, and in the code spans of every Markdown file beside them. */
function namedPaths(files: readonly SourceFile[]): readonly string[] {
  const spans = ['src', 'test']
    .flatMap(pathsUnder)
    .filter(path => path.endsWith('.md'))
    .flatMap(path => readFileSync(join(ROOT, path), 'utf8').match(/`[^`\n]+`/g) ?? []);
  const comments = files.flatMap(({ text }) => commentsOf(text));
  return [...new Set([...spans, ...comments].flatMap(text => text.match(PATH) ?? []))].filter(
    path => !path.includes('…'),
  ); // `…` stands for a name to choose
}

const PRODUCT = /\w*(?:microagent|zeph|aasm|orcarouter)\w*/gi;
/** Strings with a blank in them are help texts, and no code. */
const SENTENCE = /'[^'\n]* [^'\n]*'|`[^`]* [^`]*`/g;

const productsIn = ({ path, text }: SourceFile): readonly string[] =>
  [...new Set(codeOf(text).replace(SENTENCE, "''").match(PRODUCT))].map(name => `${path} ${name}`);

const QUOTED = String.raw`\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|\x60((?:\\.|[^\x60\\])*)\x60)`;
const TITLE = new RegExp(
  String.raw`(?:\b(?:it|test|describe)(?:\.\w+)?|\]\)|each\(\w+\)|each\([^;{]*?\)\))${QUOTED}`,
  'g',
);

/** The titles of the tests in a file, or of its groups as well. */
const titlesIn = (text: string, of: 'tests' | 'groups and tests'): readonly string[] =>
  [...text.matchAll(TITLE)]
    .filter(([whole]) => of === 'groups and tests' || !whole.startsWith('describe'))
    .map(([, single, double, template]) => single ?? double ?? template ?? '');

/** Words that need the group's title as their subject. */
const NO_BEGINNING =
  /^(?:also|and|are|but|by|can|cannot|did|do|does|had|has|have|is|may|must|never|nor|not|of|or|than|then|was|were|will|would)\b/;
/** Words that begin a whole sentence only with a clause after a comma. */
const PREPOSITION = /^(?:as|at|for|from|in|on|to|with|without)\b[^,]*$/;

const isHalfSentence = (title: string): boolean => NO_BEGINNING.test(title) || PREPOSITION.test(title);
