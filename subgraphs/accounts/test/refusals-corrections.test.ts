import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { anAccount } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { type Asked, aBuy, reversed } from './support/corrections.ts';
import { testRefusals } from './support/refusals.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const commission = 'COMMISSION' as const;
const of = (asked: Asked) => ({
  viewer: operations,
  input: { reason: 'test', idempotencyKey: randomUUID(), ...asked },
});

testRefusals('schema/corrections.graphql', () => bank, {
  'reverseTransaction.TRANSACTION_NOT_FOUND': async () => of({ transactionId: randomUUID() }),
  'reverseTransaction.ALREADY_REVERSED': async (given) => {
    const transactionId = await aBuy(given, await anAccount(given, '100'));
    await reversed(given, { transactionId, part: commission });
    return of({ transactionId, part: commission });
  },
  'reverseTransaction.NOT_REVERSIBLE': async (given) =>
    of({ transactionId: await aBuy(given, await anAccount(given, '100')) }),
  'reverseTransaction.IDEMPOTENCY_KEY_REUSED': async (given) => {
    const account = await anAccount(given, '100');
    const idempotencyKey = randomUUID();
    const part = commission;
    await reversed(given, { transactionId: await aBuy(given, account), part, idempotencyKey });
    return of({ transactionId: await aBuy(given, account), part, idempotencyKey });
  },
});
