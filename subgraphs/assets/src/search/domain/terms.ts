/** Raised when words are made otherwise: the job then builds the index again. */
export const form = 2;

const wordsMax = 20;
const wordCharsMax = 40;
/** In shorter words nearly everything is one letter away from everything. */
const nearCharsMin = 2;
const nearNameCharsMin = 3;
/** A longer name cannot be typed as a whole: a search has at most 64 characters. */
const nearWholeCharsMax = 65;

/** Lower case without accents, blanks made one. */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** Letters and digits of each word; an apostrophe does not part a word. */
export function wordsOf(text: string): readonly string[] {
  const words = fold(text)
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, wordCharsMax).join(''));
  return [...new Set(words)].slice(0, wordsMax);
}

/** All letters and digits as one word: a blank too many or too few makes no difference. */
export const squash = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]+/gu, '');

/** The word, and the word less each of its letters. */
export function deletionsOf(word: string): readonly string[] {
  const letters = [...word];
  const less = letters.map((_, index) => letters.toSpliced(index, 1).join(''));
  return [...new Set([word, ...less])];
}

/**
 * True when one typing error or none makes one of the other: a letter too many, too few, another,
 * or two neighbours swapped (Damerau, A technique for computer detection and correction of spelling
 * errors, 1964). Two such words always share one of their deletions.
 */
export function isWithinOneEdit(one: string, other: string): boolean {
  const [a, b] = [[...one], [...other]];
  if (a.length > b.length) return isWithinOneEdit(other, one);
  if (b.length - a.length > 1) return false;
  const at = a.findIndex((letter, index) => letter !== b[index]);
  if (at === -1) return true;
  const rest = (letters: readonly string[], from: number) => letters.slice(from).join('');
  if (a.length < b.length) return rest(a, at) === rest(b, at + 1);
  if (rest(a, at + 1) === rest(b, at + 1)) return true;
  const isSwapped = a[at] === b[at + 1] && a[at + 1] === b[at];
  return isSwapped && rest(a, at + 2) === rest(b, at + 2);
}

/** What is looked for: the text itself, and the words of which one may hold a typing error. */
export type Asked = {
  readonly text: string;
  readonly folded: string;
  readonly squashed: string;
  readonly words: readonly string[];
  /** The symbol, the words and the whole name that are looked up with a typing error. */
  readonly near: readonly string[];
};

export function askedFor(text: string): Asked {
  const [folded, squashed, words] = [fold(text), squash(text), wordsOf(text)];
  const near = [...new Set([folded, squashed, ...words])].filter(
    (word) => [...word].length >= nearCharsMin,
  );
  return { text, folded, squashed, words, near };
}

export type IndexedWord = { readonly kind: 'SYMBOL' | 'NAME'; readonly word: string };

/** The words under which an asset is found. */
export const indexedWords = (asset: { symbol: string; name: string }): readonly IndexedWord[] => [
  { kind: 'SYMBOL', word: fold(asset.symbol) },
  ...wordsOf(asset.name).map((word) => ({ kind: 'NAME', word }) as const),
];

/**
 * What is found by what is like it: the symbol, the words of the name that are not short, and the
 * name as one word, in which an error may stand in a short word or between two.
 */
export function likelyMeant(asset: { symbol: string; name: string }): readonly string[] {
  const words = indexedWords(asset).filter(
    ({ kind, word }) => kind === 'SYMBOL' || [...word].length >= nearNameCharsMin,
  );
  const whole = squash(asset.name);
  const isTypable = whole !== '' && [...whole].length <= nearWholeCharsMax;
  return [...words.map(({ word }) => word), ...(isTypable ? [whole] : [])];
}
