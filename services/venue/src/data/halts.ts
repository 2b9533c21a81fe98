import type { Database, Tx } from './client.ts';

/** Halts trading in a symbol, or lifts the halt; doing it twice changes nothing. */
export async function setHalt(
  db: Database,
  { symbol, halted, at }: { readonly symbol: string; readonly halted: boolean; readonly at: Date },
): Promise<void> {
  if (halted) {
    await db.$executeRaw`
      /* venue.halt */
      INSERT INTO halt (symbol, since) VALUES (${symbol}, ${at}::timestamptz)
      ON CONFLICT DO NOTHING`;
    return;
  }
  await db.$executeRaw`/* venue.lift-halt */ DELETE FROM halt WHERE symbol = ${symbol}`;
}

export async function haltedSymbols(db: Database | Tx): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ symbol: string }[]>`
    /* venue.halted */ SELECT symbol FROM halt ORDER BY symbol`;
  return new Set(rows.map(({ symbol }) => symbol));
}
