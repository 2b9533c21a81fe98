import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

/** The consumer, the relay and the deliveries of one process each hold at most one at a time. */
const connectionsMax = 4;

export type Database = PrismaClient;
export type Tx = Prisma.TransactionClient;

export const connect = (connectionString: string): Database =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString, max: connectionsMax }) });
