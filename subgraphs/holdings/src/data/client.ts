import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from '@simplebank/chassis/pools';
import { statementNames } from '@simplebank/kernel/statement-names';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

/** Connections that one process keeps open at most. */
const poolMax = 10;

export type Db = PrismaClient;
/** What runs inside one transaction. Reads outside of one take it too. */
export type Tx = Prisma.TransactionClient;

const named = { statementNameGenerator: statementNames(), disposeExternalPool: true };

/** Opens no connection before the first statement. */
export const openDatabase = (connectionString: string, answerMs?: number): Db =>
  new PrismaClient({
    adapter: new PrismaPg(
      openPool({ service: 'holdings', connectionString, max: poolMax, answerMs }),
      named,
    ),
  });
