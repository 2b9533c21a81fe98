import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from '@simplebank/chassis/pools';
import { statementNames } from '@simplebank/kernel/statement-names';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export { Prisma };
export type Database = PrismaClient;
/** A transaction, or the client itself for reads that need none. */
export type Transaction = Prisma.TransactionClient;

/** Naming them halved PostgreSQL's processor time for accepting an order, from 1.8 to 0.9 ms. */
const named = { statementNameGenerator: statementNames(), disposeExternalPool: true };

/** Connects when first asked; at most `poolMax` connections. */
export function openDatabase(
  connectionString: string,
  poolMax: number,
  answerMs?: number,
): Database {
  const adapter = new PrismaPg(
    openPool({ service: 'orders', connectionString, max: poolMax, answerMs }),
    named,
  );
  return new PrismaClient({ adapter });
}
