import { WebPortfolioDocument } from '../generated/web/graphql.ts';
import { ask, type Gateway } from '../graphql-client.ts';

/**
 * A screen of a web application: one typed query. A part of the bank that is away costs its fields
 * only, so the lines below show what there is and say what there is not.
 */
export async function portfolio(gateway: Gateway, account: string): Promise<readonly string[]> {
  const { data, errors } = await ask(gateway, WebPortfolioDocument, { account });
  if (!data?.account) return [errors[0]?.message ?? 'There is no such account.'];
  const { name, balances, holdingsPage, performance } = data.account;
  const twr = performance?.twr;
  return [
    `${name}: ${balances?.available.amount ?? '?'} available`,
    ...(holdingsPage?.nodes ?? []).map(
      ({ symbol, quantity, value, isStale }) =>
        `${quantity} ${symbol}: ${value?.amount ?? 'no price'}${isStale ? ' (old price)' : ''}`,
    ),
    twr?.__typename === 'PerformanceReturn' ? `this year: ${twr.rate}` : 'this year: not known yet',
  ];
}
