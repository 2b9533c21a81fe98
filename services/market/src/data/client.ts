import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from '@simplebank/chassis/pools';
import { statementNames } from '@simplebank/kernel/statement-names';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

/** The consumer, the relay and the loops of one process each hold at most one at a time. */
const connectionsMax = 8;

export type Database = PrismaClient;
export type Tx = Prisma.TransactionClient;

const named = { statementNameGenerator: statementNames(), disposeExternalPool: true };

export const connect = (connectionString: string, answerMs?: number): Database =>
  new PrismaClient({
    adapter: new PrismaPg(
      openPool({ service: 'market', connectionString, max: connectionsMax, answerMs }),
      named,
    ),
  });
