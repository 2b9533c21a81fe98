import { openDatabase } from '../src/data/client.ts';

type Table = { readonly name: string };
type Content = { readonly rows: number; readonly digest: string };

/** Every table of the database, with how many rows it has and a digest of what they say. */
export async function everyRow(adminUrl: string): Promise<Record<string, Content>> {
  const db = openDatabase(adminUrl, 2);
  try {
    const tables = await db.$queryRaw<Table[]>`
      /* test.tables */ SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`;
    const contents: [string, Content][] = [];
    for (const { name } of tables) {
      const [content] = await db.$queryRawUnsafe<Content[]>(
        `SELECT count(*)::int AS rows,
           md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest
         FROM "${name}" t`,
      );
      if (content) contents.push([name, content]);
    }
    return Object.fromEntries(contents);
  } finally {
    await db.$disconnect();
  }
}
