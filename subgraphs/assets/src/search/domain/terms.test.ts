import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deletionsOf, fold, isWithinOneEdit, squash, wordsOf } from './terms.ts';

/** Damerau's distance by its definition: the table of all prefixes (optimal string alignment). */
function distance(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  const table = a.concat('').map(() => new Array<number>(b.length + 1).fill(0));
  const at = (row: number, column: number) => table[row]?.[column] ?? 0;
  for (let row = 0; row <= a.length; row += 1) {
    for (let column = 0; column <= b.length; column += 1) {
      const line = table[row];
      if (!line) continue;
      if (row === 0 || column === 0) {
        line[column] = row + column;
        continue;
      }
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      line[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + same,
      );
      const isSwapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) line[column] = Math.min(line[column] ?? 0, at(row - 2, column - 2) + 1);
    }
  }
  return at(a.length, b.length);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 6 });

describe('words', () => {
  test('one edit is one edit by the definition of the distance', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(isWithinOneEdit(a, b)).toBe(distance(a, b) <= 1);
      }),
      { numRuns: 5_000 },
    );
  });

  test('two words within one edit share a deletion, so the index finds each of them', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        fc.pre(isWithinOneEdit(a, b));
        const shared = deletionsOf(a).filter((one) => deletionsOf(b).includes(one));
        expect(shared).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['Estée Lauder Companies (The)', ['estee', 'lauder', 'companies', 'the']],
    ["O'Reilly Automotive", ['oreilly', 'automotive']],
    ['AT&T', ['at', 't']],
    ['Coca-Cola Company', ['coca', 'cola', 'company']],
    ['  ', []],
    ['%', []],
  ])('the words of %s are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test('folding drops case, accents and blanks too many; squashing drops all but letters', () => {
    expect(fold('  Estée   LAUDER ')).toBe('estee lauder');
    expect(squash('Berkshire  Hathaway, Inc.')).toBe('berkshirehathawayinc');
  });
});
