import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rebuildSearch } from '../src/search/index.ts';
import { type Bench, nobody, openBench } from './bench.ts';
import { company, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const searchText = `query ($search: String, $first: Int, $after: String,
    $filter: AssetFilterInput) {
  assets(search: $search, first: $first, after: $after, filter: $filter) {
    edges { cursor node { symbol } } nodes { symbol } pageInfo { hasNextPage endCursor } } }`;
const facetText = `query ($search: String, $filter: AssetFilterInput) {
  assetFacets(search: $search, filter: $filter) {
    total types { type count } sectors { sector count } } }`;
type Page = {
  edges: { cursor: string; node: { symbol: string } }[];
  nodes: { symbol: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};
async function search(variables: object) {
  const { data } = await bench.ask(nobody, searchText, variables);
  const page = data?.['assets'] as Page;
  expect(page.nodes).toEqual(page.edges.map(({ node }) => node));
  expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
  return { symbols: page.edges.map(({ node }) => node.symbol), ...page.pageInfo };
}
/** A short text is in many names, which come before what is only like it. */
async function foundOnAnyPage(text: string): Promise<string[]> {
  const all: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page = await search({ search: text, first: 50, after });
    all.push(...page.symbols);
    [after, more] = [page.endCursor, page.hasNextPage];
  }
  return all;
}
const found = async (text: string) => (await search({ search: text, first: 50 })).symbols;

describe('a small list', () => {
  beforeEach(async () => {
    await staffAt(bench).clear();
    await staffAt(bench).register(
      company('BA', 'Boeing'),
      company('BAC', 'Bank of America'),
      company('AAB', 'Balloons'),
      company('ZB', 'Sea Bass'),
      company('X', '100% Steel'),
    );
  });

  test('finds symbols by their beginning first, then names, page by page', async () => {
    expect((await search({ search: 'ba' })).symbols).toEqual(['BA', 'BAC', 'AAB', 'ZB']);
    const first = await search({ search: 'ba', first: 3 });
    expect(first.symbols).toEqual(['BA', 'BAC', 'AAB']);
    expect(first.hasNextPage).toBe(true);
    const next = await search({ search: 'ba', first: 3, after: first.endCursor });
    expect(next).toMatchObject({ symbols: ['ZB'], hasNextPage: false });
    expect((await search({ search: '%' })).symbols).toEqual(['X']);
    expect((await search({})).symbols).toEqual(['AAB', 'BA', 'BAC', 'X', 'ZB']);
    // An accent alone is no letter, a wildcard of SQL none either.
    for (const text of ['nothing', '\u0301', '_', '%%', '\\']) {
      expect([text, ...(await found(text))]).toEqual([text]);
    }
  });

  test('a page stays where it was when assets are added before and after it', async () => {
    const first = await search({ search: 'ba', first: 2 });
    await staffAt(bench).register(company('BAA', 'Added'), company('ZA', 'Bahamas'));
    const next = await search({ search: 'ba', first: 5, after: first.endCursor });
    expect(next.symbols).toEqual(['AAB', 'ZA', 'ZB']);
  });

  test('refuses pages, cursors and filters out of bounds by name', async () => {
    const bad = [
      { first: 0 },
      { first: 101 },
      { first: 51, search: 'a' },
      { after: 'what' },
      { search: 'x'.repeat(65) },
      { filter: { sector: Array.from({ length: 21 }, (_, nth) => `S${nth}`) } },
    ];
    const answers = await Promise.all(bad.map((each) => bench.ask(nobody, searchText, each)));
    expect(answers.map(({ errors }) => errors[0]?.extensions?.['field'])).toEqual([
      ...['first', 'first', 'first', 'after', 'search', 'filter.sector'],
    ]);
  });

  test('what an asset is called now is found, what it was called is not', async () => {
    await staffAt(bench).register(company('BA', 'Skyworks'));
    expect(await found('boeing')).toEqual([]);
    expect(await found('skywroks')).toEqual(['BA']);
    await staffAt(bench).setState('BA', 'HALTED');
    expect((await search({ filter: { state: ['HALTED'] } })).symbols).toEqual(['BA']);
  });

  test('an index that is lost or of an older form is built again', async () => {
    const before = await bench.sql.query('SELECT * FROM search_word ORDER BY 1, 2, 3');
    await bench.sql.query(`DELETE FROM search_document WHERE symbol = 'BA'; DELETE FROM search_word;
      DELETE FROM search_near; UPDATE search_document SET form = 0`);
    expect(await found('boieng')).toEqual([]);
    await rebuildSearch(bench.app.deps);
    expect(await found('boieng')).toEqual(['BA']);
    expect((await bench.sql.query('SELECT * FROM search_word ORDER BY 1, 2, 3')).rows).toEqual(
      before.rows,
    );
  });

  test('a search reads nothing that assets are written to', async () => {
    await bench.sql.query('ALTER TABLE asset RENAME TO hidden');
    try {
      expect(await found('boieng')).toEqual(['BA']);
      const text = '{ assets(search: "ba") { nodes { name state sector ticks { tick } } } }';
      expect((await bench.ask(nobody, text)).errors).toEqual([]);
    } finally {
      await bench.sql.query('ALTER TABLE hidden RENAME TO asset');
    }
  });
});

describe('the 503 companies of the index', () => {
  const list = new URL('../../../tools/seed-data/sp500-constituents.csv', import.meta.url);
  const companies = readFileSync(list, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
      const [symbol = '', name = '', sector = '', subIndustry = ''] = [...fields].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      return { symbol, name, sector, subIndustry };
    });

  beforeAll(async () => {
    await staffAt(bench).clear();
    for (let from = 0; from < companies.length; from += 100) {
      await staffAt(bench).register(...companies.slice(from, from + 100));
    }
  });

  test.each([
    ['APLE', 'AAPL'],
    ['AALP', 'AAPL'],
    ['MFST', 'MSFT'],
    ['BRKB', 'BRK.B'],
    ['micorsoft', 'MSFT'],
    ['Micrsoft', 'MSFT'],
    ['berkshirehathaway', 'BRK.B'],
    ['Agilent Tecnologies', 'A'],
    ['technologies agilent', 'A'],
    ['estee lauder', 'EL'],
    ['lowes', 'LOW'],
    ['BRK B', 'BRK.B'],
    ['Bank xf America', 'BAC'],
    ['Bank f America', 'BAC'],
    ['BankxofAmerica', 'BAC'],
    ['D.S. Horton', 'DHI'],
    ['AT&TT', 'T'],
  ])('%s finds %s', async (text, symbol) => {
    expect(await found(text)).toContain(symbol);
  });

  test('every symbol is found with one typing error of each kind', async () => {
    const sample = companies.filter(({ symbol }, nth) => nth % 20 === 0 && symbol.length > 1);
    for (const { symbol } of sample) {
      const at = Math.floor(symbol.length / 2);
      const [head, tail] = [symbol.slice(0, at), symbol.slice(at)];
      const typos = [
        ...(symbol.length > 2 ? [head + tail.slice(1)] : []),
        `${head}Q${tail}`,
        `${head}Q${tail.slice(1)}`,
        ...(head ? [`${head.slice(0, -1)}${tail[0]}${head.at(-1)}${tail.slice(1)}`] : []),
      ];
      const lists = await Promise.all(typos.map(foundOnAnyPage));
      for (const [nth, list] of lists.entries()) {
        expect(list, `${typos[nth]} for ${symbol}`).toContain(symbol);
      }
    }
  });

  test('every name is found with one typing error of each kind, wherever it is', async () => {
    const sample = companies.filter(({ name }, nth) => nth % 25 === 0 && name.length < 60);
    for (const [nth, { symbol, name }] of sample.entries()) {
      const at = 1 + ((nth * 7) % (name.length - 2));
      const [head, here, next = '', rest] = [
        ...[name.slice(0, at), name.charAt(at), name.charAt(at + 1), name.slice(at + 2)],
      ];
      const typos = [`${head}${next}${rest}`, `${head}q${here}${next}${rest}`];
      typos.push(`${head}q${next}${rest}`, `${head}${next}${here}${rest}`);
      const lists = await Promise.all(typos.map(foundOnAnyPage));
      for (const [place, list] of lists.entries()) {
        expect(list, `${typos[place]} for ${name}`).toContain(symbol);
      }
    }
  });

  test('all pages together are the whole list, in the order of the symbols', async () => {
    const all: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page = await search({ first: 100, after });
      all.push(...page.symbols);
      [after, more] = [page.endCursor, page.hasNextPage];
    }
    expect(all).toEqual(companies.map(({ symbol }) => symbol).sort());
  });

  test('facets count by type and sector, each under the other filters', async () => {
    type Facets = {
      total: number;
      types: { type: string; count: number }[];
      sectors: { sector: string; count: number }[];
    };
    const facets = (variables: object) => bench.read<Facets>(nobody, facetText, variables);
    const all = await facets({});
    expect([all.total, all.types]).toEqual([503, [{ type: 'STOCK', count: 503 }]]);
    const counted = new Map<string, number>();
    for (const { sector } of companies) counted.set(sector, (counted.get(sector) ?? 0) + 1);
    expect(new Map(all.sectors.map(({ sector, count }) => [sector, count]))).toEqual(counted);
    const energy = await facets({ filter: { sector: ['Energy'] } });
    expect(energy.total).toBe(counted.get('Energy'));
    expect(energy.types).toEqual([{ type: 'STOCK', count: counted.get('Energy') }]);
    expect(energy.sectors).toEqual(all.sectors);
    const banks = await facets({ search: 'bank', filter: { type: ['ETF'] } });
    expect([banks.total, banks.sectors]).toEqual([0, []]);
    const { symbols } = await search({ filter: { sector: ['Energy'] }, first: 100 });
    expect(symbols).toHaveLength(counted.get('Energy') ?? 0);
  });
});
