import { isUuid } from '@simplebank/kernel/ids';
import type { Reader } from '../../data/client.ts';
import { findBooked } from '../data/booked.ts';
import type { Booked } from '../domain/reversal.ts';

/** Null for an id that no transaction has. */
export const transactionBy = async (db: Reader, id: string): Promise<Booked | null> =>
  isUuid(id) ? findBooked(db, id) : null;
