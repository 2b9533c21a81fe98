import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from '@simplebank/chassis/pools';
import { statementNames } from '@simplebank/kernel/statement-names';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

/** The trading loop holds one; the others answer participants. */
const connectionsMax = 6;

export type Database = PrismaClient;
export type Tx = Prisma.TransactionClient;

const named = { statementNameGenerator: statementNames(), disposeExternalPool: true };

export const connect = (connectionString: string): Database =>
  new PrismaClient({
    adapter: new PrismaPg(
      openPool({ service: 'venue', connectionString, max: connectionsMax }),
      named,
    ),
  });
