/** The next ids after one, in order. */
export type IdSource = (page: {
  readonly after: string;
  readonly limit: number;
}) => Promise<readonly string[]>;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Every id that any source knows, once, in order and in pages; memory holds one page of each. */
export async function* pagesOf(
  sources: readonly IdSource[],
  limit: number,
): AsyncGenerator<readonly string[]> {
  for (let after = beforeAll; ; ) {
    const page = { after, limit };
    const lists = await Promise.all(sources.map((source) => source(page)));
    const ids = [...new Set(lists.flat())].sort().slice(0, limit);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield ids;
    after = last;
  }
}
