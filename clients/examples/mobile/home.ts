import { HomeDocument } from '../generated/mobile/graphql.ts';
import { askById, type Gateway } from '../graphql-client.ts';

/** The first screen of a phone: one request that carries an id and no text. */
export async function home(gateway: Gateway): Promise<readonly string[]> {
  const { data, errors } = await askById(gateway, HomeDocument, {});
  if (!data) return [errors[0]?.message ?? 'The bank did not answer.'];
  const { me, marketClock, accounts } = data;
  return [
    `${me?.name ?? 'Hello'}: the market is ${marketClock?.isOpen ? 'open' : 'closed'}`,
    ...(accounts ?? []).map(
      ({ name, balances }) => `${name}: ${balances?.available.amount ?? '?'} available`,
    ),
  ];
}
