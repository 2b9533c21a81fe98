import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { takeKey } from '../data/command-keys.ts';
import { findStrategy } from '../data/strategies.ts';
import type { Deps } from '../deps.ts';
import type { Strategy, StrategyRefusalCode } from '../domain/strategy.ts';
import { requestHashOf } from './request-hash.ts';

export type Staff = {
  readonly staffId: string;
  /** Null when the command came without one: then it is decided anew each time. */
  readonly idempotencyKey: string | null;
  readonly cause: Cause;
};

/** Undoes whatever the transaction wrote, the key included: a refusal leaves nothing behind. */
class Refused extends Error {
  readonly code: StrategyRefusalCode;

  constructor(code: StrategyRefusalCode) {
    super(code);
    this.code = code;
  }
}

export type KeyedCommand = {
  readonly name: string;
  /** What the command is about; a repeat of the key must come with the same. */
  readonly input: object;
  readonly strategyId: string;
  readonly staff: Staff;
};

/**
 * Runs a staff command about a strategy in one transaction. A repeated key answers the strategy of
 * the first success, or refuses another input; equal commands at once have one effect.
 */
export async function onceByKey(
  deps: Deps,
  { name, input, strategyId, staff }: KeyedCommand,
  work: (tx: Tx) => Promise<Result<Strategy, StrategyRefusalCode>>,
): Promise<Result<Strategy, StrategyRefusalCode>> {
  const { staffId: ownerId, idempotencyKey: key } = staff;
  const requestHash = requestHashOf(name, input);
  try {
    return await deps.transact(async (tx) => {
      if (key !== null) {
        const use = { ownerId, key, requestHash, strategyId, usedAt: deps.clock.now() };
        const first = await takeKey(tx, use);
        if (first) return repeat(tx, first.requestHash === requestHash ? first.strategyId : null);
      }
      const result = await work(tx);
      if (!result.ok) throw new Refused(result.error);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return refuse(error.code);
    throw error;
  }
}

async function repeat(
  tx: Tx,
  strategyId: string | null,
): Promise<Result<Strategy, StrategyRefusalCode>> {
  if (strategyId === null) return refuse('IDEMPOTENCY_KEY_REUSED');
  const strategy = await findStrategy(tx, { id: strategyId });
  if (!strategy) throw new Error(`a command key names the unknown strategy ${strategyId}`);
  return ok(strategy);
}
