import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { Decimal } from '@simplebank/kernel/decimal';
import { type IdOrNumber, parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../context.ts';
import type { AccountCopy } from '../domain/copies.ts';
import { ownAccount } from '../queries/accounts.ts';
import { type Strategy, strategyBy } from '../strategies/index.ts';

const assetKeyCharsMax = 36;

/** Throws BAD_INPUT that names the field when the text is neither a UUID nor a number. */
export function idOrNumber(text: string, field: string): IdOrNumber {
  const key = parseIdOrNumber(text);
  if (key) return key;
  throw new PublicError('BAD_INPUT', 'Expected a UUID or a number.', { field });
}

/** A UUID in lower case or a symbol in upper case. Throws BAD_INPUT when it is neither. */
export function assetKey(text: string, field: string): string {
  const key = text.trim();
  if (key.length < 1 || key.length > assetKeyCharsMax || !/^[\w.-]+$/.test(key)) {
    throw new PublicError('BAD_INPUT', 'Expected a UUID, a symbol or CASH.', { field });
  }
  return key.length === assetKeyCharsMax ? key.toLowerCase() : key.toUpperCase();
}

/** Far above what anybody invests and far below what the columns hold. */
const amountMax = new Decimal(1_000_000_000);

/** Throws BAD_INPUT for an amount that no column of ours holds. */
export function boundedAmount(amount: Decimal, field: string): Decimal {
  if (amount.abs().lessThanOrEqualTo(amountMax)) return amount;
  throw new PublicError('BAD_INPUT', `Expected at most ${amountMax.toFixed()}.`, { field });
}

/** Null when none was given. Throws BAD_INPUT for an empty one, which would protect nobody. */
export const optionalKeyOf = (key: string | null | undefined): string | null =>
  key === null || key === undefined ? null : idempotencyKeyOf(key);

export const notFound = (what: string, field: string): PublicError =>
  new PublicError('NOT_FOUND', `There is no such ${what}.`, { field });

/** Throws NOT_FOUND for an unknown strategy and BAD_INPUT for what is no id. */
export async function requireStrategy(context: Context, id: string): Promise<Strategy> {
  const field = 'input.strategyId';
  const strategy = await strategyBy(context, idOrNumber(id, field));
  if (!strategy) throw notFound('strategy', field);
  return strategy;
}

/** One of the viewer's own. Throws UNAUTHENTICATED, NOT_FOUND and BAD_INPUT for what is no id. */
export async function requireOwnAccount(context: Context, id: string): Promise<AccountCopy> {
  requirePrincipal(context.viewer);
  const field = 'input.accountId';
  const account = await ownAccount(context, context.viewer, idOrNumber(id, field));
  if (!account) throw notFound('account', field);
  return account;
}
