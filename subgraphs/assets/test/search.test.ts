import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, nobody, openBench } from './bench.ts';
import { company, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => staffAt(bench).clear());

describe('search', () => {
  const searchText = `query ($search: String, $first: Int, $after: String) {
    assets(search: $search, first: $first, after: $after) {
      edges { cursor node { symbol } } nodes { symbol } pageInfo { hasNextPage endCursor } } }`;
  type Page = {
    edges: { cursor: string; node: { symbol: string } }[];
    nodes: { symbol: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
  const search = async (variables: object) => {
    const { data } = await bench.ask(nobody, searchText, variables);
    const page = data?.['assets'] as Page;
    expect(page.nodes).toEqual(page.edges.map(({ node }) => node));
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    return { symbols: page.edges.map(({ node }) => node.symbol), ...page.pageInfo };
  };

  test('finds symbols by their beginning first, then names, page by page', async () => {
    await staffAt(bench).register(
      company('BA', 'Boeing'),
      company('BAC', 'Bank of America'),
      company('AAB', 'Balloons'),
      company('ZB', 'Sea Bass'),
      company('X', '100% Steel'),
    );
    const all = await search({ search: 'ba' });
    expect(all.symbols).toEqual(['BA', 'BAC', 'AAB', 'ZB']);
    const first = await search({ search: 'ba', first: 3 });
    expect(first.symbols).toEqual(['BA', 'BAC', 'AAB']);
    expect(first.hasNextPage).toBe(true);
    const next = await search({ search: 'ba', first: 3, after: first.endCursor });
    expect(next).toMatchObject({ symbols: ['ZB'], hasNextPage: false });
    expect((await search({ search: '%' })).symbols).toEqual(['X']);
    expect((await search({})).symbols).toEqual(['AAB', 'BA', 'BAC', 'X', 'ZB']);
    expect((await search({ search: 'nothing' })).symbols).toEqual([]);
  });

  test('refuses pages and cursors out of bounds by name', async () => {
    const bad = [{ first: 0 }, { first: 101 }, { first: 51, search: 'a' }, { after: 'what' }];
    const answers = await Promise.all(
      bad.map((variables) => bench.ask(nobody, searchText, variables)),
    );
    expect(answers.map(({ errors }) => errors[0]?.extensions?.['field'])).toEqual([
      'first',
      'first',
      'first',
      'after',
    ]);
  });
});
