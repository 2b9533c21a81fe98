import type { Command } from './ask.ts';
import { staff } from './viewers.ts';
import type { Person, World } from './world.ts';

/** What staff does to accounts and orders, and how a customer takes leave. */

const textOf = (name: string): string => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  return `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on ${type}Refusal { code } } }`;
};

const aboutAccount = (world: World, name: string, input: object): Omit<Command, 'viewer'> => ({
  ...{ context: 'accounts', name, text: textOf(name) },
  input: { ...input, idempotencyKey: `${name}-${world.step}` },
});

const reason = 'as the rules say';

/** Freezes and limits are lifted more often than they are made, so that most is possible. */
export function staffCommand(world: World, { accountId }: Person): Command | null {
  const { dice, orders } = world;
  const name = dice.weighted([
    ...([
      ['freezeAccount', 1],
      ['unfreezeAccount', 2],
      ['limitAccount', 1],
    ] as const),
    ...([
      ['liftLimit', 2],
      ['cancelOrderForCustomer', 2],
    ] as const),
  ]);
  if (name !== 'cancelOrderForCustomer') return accountCommand(world, name, accountId);
  const last = [...orders.keys()].at(-1);
  return last === undefined ? null : staffCancel(world, last);
}

type OfAccount = 'freezeAccount' | 'unfreezeAccount' | 'limitAccount' | 'liftLimit';

export const accountCommand = (world: World, name: OfAccount, accountId: string): Command => ({
  viewer: staff,
  ...aboutAccount(world, name, { accountId, reason }),
});

export const staffCancel = (world: World, orderId: string): Command => ({
  ...{ viewer: staff, context: 'orders', name: 'cancelOrderForCustomer' },
  text: textOf('cancelOrderForCustomer'),
  input: { orderId, reason, idempotencyKey: `staff-${world.step}-${orderId}` },
});

/** Refused while there is anything in the account, which is nearly always. */
export const closing = (world: World, { accountId }: Person): Omit<Command, 'viewer'> =>
  aboutAccount(world, 'closeAccount', { accountId });
