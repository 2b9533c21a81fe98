import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export { Prisma };
export type Database = PrismaClient;
/** A transaction, or the client itself for reads that need none. */
export type Transaction = Prisma.TransactionClient;

/** Connects when first asked; at most `poolMax` connections. */
export const openDatabase = (connectionString: string, poolMax: number): Database =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString, max: poolMax }) });
