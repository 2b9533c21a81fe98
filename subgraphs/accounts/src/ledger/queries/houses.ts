import { money } from '@simplebank/kernel/money';
import type { Reader } from '../../data/client.ts';
import { sumHouses } from '../data/house.ts';

/** What the bank's own ledger accounts have, all at one moment. */
export async function houseBalancesOf(db: Reader) {
  const houses = await sumHouses(db);
  return houses.map(({ account, balance, currency, checkpointDay }) => ({
    ...{ account, checkpointDay, balance: money(balance, currency) },
  }));
}
