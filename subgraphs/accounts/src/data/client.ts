import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from '@simplebank/chassis/pools';
import { statementNames } from '@simplebank/kernel/statement-names';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type Db = PrismaClient;
export type Tx = Prisma.TransactionClient;
/** A read that may stand alone or inside a transaction. */
export type Reader = Db | Tx;

/** Connections of one process to its own database. */
const connectionsMax = 10;

const named = { statementNameGenerator: statementNames(), disposeExternalPool: true };

export const openClient = (connectionString: string, answerMs?: number): Db =>
  new PrismaClient({
    adapter: new PrismaPg(
      openPool({ service: 'accounts', connectionString, max: connectionsMax, answerMs }),
      named,
    ),
  });
