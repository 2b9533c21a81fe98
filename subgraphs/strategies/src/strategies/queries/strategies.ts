import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Deps } from '../../deps.ts';
import type { PageQuestion } from '../../domain/page.ts';
import { findStrategy, listActive } from '../data/strategies.ts';
import type { Strategy } from '../domain/strategy.ts';

export const strategyBy = ({ db }: Pick<Deps, 'db'>, key: IdOrNumber): Promise<Strategy | null> =>
  findStrategy(db, key);

/** Active strategies, oldest first; one more than asked for. */
export const activeStrategies = (
  { db }: Pick<Deps, 'db'>,
  question: PageQuestion,
): Promise<readonly Strategy[]> => listActive(db, question);
