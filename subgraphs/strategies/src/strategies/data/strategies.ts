import { Decimal } from '@simplebank/kernel/decimal';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Database, Tx } from '../../data/client.ts';
import type { PageQuestion } from '../../domain/page.ts';
import type { Slice } from '../../domain/slice.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { nameKeyOf, type Strategy } from '../domain/strategy.ts';

type Reader = Database | Tx;
type Row = Prisma.StrategyGetPayload<Record<string, never>>;

/** The strategies with their current slices, in the order of the rows. */
async function withSlices(db: Reader, rows: readonly Row[]): Promise<readonly Strategy[]> {
  const keys = rows.map(({ id, currentVersion }) => ({ strategyId: id, version: currentVersion }));
  const slices = await db.strategySlice.findMany({
    where: { OR: keys },
    orderBy: { position: 'asc' },
  });
  return rows.map((row) => {
    const { id, number, name, state, currentVersion: version, createdById, createdAt } = row;
    const own = slices.filter(({ strategyId }) => strategyId === id).map(toSlice);
    const base = { id, number, name, state: state as Strategy['state'], version, slices: own };
    return { ...base, createdById, createdAt, eventVersion: row.eventVersion };
  });
}

const toSlice = ({
  assetId,
  percentage,
}: {
  assetId: string | null;
  percentage: Prisma.Decimal;
}): Slice => ({
  assetId,
  percentage: new Decimal(percentage.toFixed()),
});

export async function findStrategy(db: Reader, key: IdOrNumber): Promise<Strategy | null> {
  const row = await db.strategy.findUnique({ where: key });
  if (!row) return null;
  const [strategy] = await withSlices(db, [row]);
  return strategy ?? null;
}

/** Answers in the order of `ids`, as DataLoader requires; unknown ids answer null. */
export async function findStrategies(
  db: Reader,
  ids: readonly string[],
): Promise<readonly (Strategy | null)[]> {
  const rows = await db.strategy.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map((await withSlices(db, rows)).map((strategy) => [strategy.id, strategy]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** One row more than asked for, so that the reader knows whether there is a next page. */
export async function listActive(
  db: Reader,
  { first, after }: PageQuestion,
): Promise<readonly Strategy[]> {
  const rows = await db.strategy.findMany({
    where: { state: 'ACTIVE', ...(after === null ? {} : { number: { gt: after } }) },
    orderBy: { number: 'asc' },
    take: first + 1,
  });
  return withSlices(db, rows);
}

/** Reads the strategy and lets nobody archive it or publish a version until the end of `tx`. */
export async function lockStrategyToRead(tx: Tx, id: string): Promise<Strategy | null> {
  await tx.$queryRaw`
    /* strategies.share-strategy */ SELECT id::text FROM strategy WHERE id = ${id}::uuid FOR SHARE`;
  return findStrategy(tx, { id });
}

/** Locks the strategy until the end of the transaction. */
export async function lockStrategy(tx: Tx, id: string): Promise<Strategy | null> {
  await tx.$queryRaw`
    /* strategies.lock-strategy */ SELECT id::text FROM strategy WHERE id = ${id}::uuid FOR UPDATE`;
  return findStrategy(tx, { id });
}

export type NewStrategy = Pick<Strategy, 'id' | 'name' | 'slices' | 'createdById' | 'createdAt'>;

/** Null when the name is taken. The new strategy is active and has version 1. */
export async function insertStrategy(tx: Tx, strategy: NewStrategy): Promise<Strategy | null> {
  const { id, name, slices, createdById, createdAt } = strategy;
  const inserted = await tx.strategy.createMany({
    data: [
      {
        ...{ id, name, nameKey: nameKeyOf(name), createdById, createdAt },
        ...{ state: 'ACTIVE', currentVersion: 1, eventVersion: 1 },
      },
    ],
    skipDuplicates: true,
  });
  if (inserted.count === 0) return null;
  const version = { version: 1, slices, publishedById: createdById, publishedAt: createdAt };
  await insertVersion(tx, id, version);
  return findStrategy(tx, { id });
}

export type NewVersion = {
  readonly version: number;
  readonly slices: readonly Slice[];
  readonly publishedById: string;
  readonly publishedAt: Date;
};

export async function insertVersion(tx: Tx, strategyId: string, next: NewVersion): Promise<void> {
  const { version, slices, publishedById, publishedAt } = next;
  await tx.strategyVersion.create({ data: { strategyId, version, publishedById, publishedAt } });
  await tx.strategySlice.createMany({
    data: slices.map(({ assetId, percentage }, position) => {
      return { strategyId, version, position, assetId, percentage: percentage.toFixed() };
    }),
  });
}

export async function saveStrategy(
  tx: Tx,
  { id, state, version, eventVersion }: Strategy,
): Promise<void> {
  await tx.strategy.update({
    where: { id },
    data: { state, currentVersion: version, eventVersion },
  });
}
