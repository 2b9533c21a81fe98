import { Decimal } from '@simplebank/kernel/decimal';
import { createChance } from '@simplebank/testkit/chance';
import type { Quote } from './exchange-book.ts';

/** What is traded in a simulation: dear and cheap shares, one below a dollar, one not in parts. */
export const listed = [
  { symbol: 'DEAR', cents: 48_311, fractionable: true },
  { symbol: 'MID', cents: 10_007, fractionable: true },
  { symbol: 'CHEAP', cents: 333, fractionable: true },
  { symbol: 'PENNY', cents: 61, fractionable: true },
  { symbol: 'WHOLE', cents: 2_549, fractionable: false },
] as const;

/** How long a price lasts. */
export const priceMs = 20_000;
const swing = 50;
const centsPerUnit = 100;

function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash;
}

/** Within one of these no price changes. */
export const priceCellOf = (at: Date): number => Math.floor(at.getTime() / priceMs);

/** Up to 2 % around its base, another every 20 s; a cent between bid, last and ask. */
export function priceOf(seed: number, symbol: string, at: Date): Quote {
  const base = listed.find((one) => one.symbol === symbol)?.cents ?? centsPerUnit;
  const cell = priceCellOf(at);
  const chance = createChance(hashed(`${seed}/${symbol}/${cell}`));
  const reach = Math.floor(base / swing);
  const cents = base - reach + Math.floor(chance() * (2 * reach + 1));
  const money = (amount: number) => new Decimal(amount).div(centsPerUnit);
  return { bid: money(cents - 1), ask: money(cents + 1), last: money(cents) };
}
