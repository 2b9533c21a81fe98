import type { Tx } from '../../deps.ts';
import { newest } from '../../domain/copies.ts';
import { insertCashFacts, saveCloses } from '../data/facts.ts';
import { saveElections, saveStrategies } from '../data/strategies.ts';
import type { CashFact } from '../domain/cash-fact.ts';
import { type Close, newestCloses } from '../domain/close.ts';
import type { Election, StrategyVersion } from '../domain/strategy.ts';

/** Each fact about cash once, whatever comes first and however often. */
export const keepCashFacts = (tx: Tx, facts: readonly CashFact[]): Promise<void> =>
  insertCashFacts(
    tx,
    facts.filter(({ amount }) => !amount.isZero()),
  );

/** The highest version of each asset and day wins. */
export const keepCloses = (tx: Tx, closes: readonly Close[]): Promise<void> =>
  saveCloses(tx, newestCloses(closes));

/** The highest version of each strategy wins. */
export const keepStrategies = (tx: Tx, versions: readonly StrategyVersion[]): Promise<void> =>
  saveStrategies(
    tx,
    newest(versions, ({ id, version }) => [id, version]),
  );

/** The last choice of each account wins. */
export const keepElections = (tx: Tx, elections: readonly Election[]): Promise<void> =>
  saveElections(
    tx,
    newest(elections, ({ accountId, version }) => [accountId, version]),
  );
