import { requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, OpenAccountRefusalCode } from '../../../generated/graphql.ts';
import * as commands from '../../commands/open-account.ts';
import { nameOf, reload } from '../input.ts';

const ownersMax = 10;
/** What the schema says; its default is only optional to its callers. */
const currencyDefault = 'USD';

const messages: Readonly<Record<OpenAccountRefusalCode, string>> = {
  CURRENCY_NOT_SUPPORTED: 'The bank keeps no accounts in this currency.',
  OWNER_NOT_FOUND: 'One of the owners is no customer.',
  TOO_MANY_ACCOUNTS: 'One of the owners has as many accounts as the bank allows.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const openAccount: NonNullable<MutationResolvers['openAccount']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requireRole(context.viewer, 'customer');
  const asked = {
    name: nameOf(input.name),
    currency: input.currency ?? currencyDefault,
    ownerIds: ownersOf(input.ownerIds ?? [customerId], customerId),
    openedBy: customerId,
    idempotencyKey: idempotencyKeyOf(input.idempotencyKey),
  };
  const done = await commands.openAccount(context, asked, storyOf(context));
  if (done.ok) {
    return { __typename: 'OpenAccountSuccess', account: await reload(context, done.value) };
  }
  const { code } = done.error;
  return { __typename: 'OpenAccountRefusal', code, message: messages[code] };
};

function ownersOf(ids: readonly string[], customerId: string): string[] {
  const field = 'input.ownerIds';
  if (ids.length > ownersMax) {
    throw new PublicError('BAD_INPUT', `Expected at most ${ownersMax} owners.`, { field });
  }
  const owners = ids.map((id) => uuidOf(id, field));
  if (owners.includes(customerId)) return owners;
  throw new PublicError('BAD_INPUT', 'You must be one of the owners.', { field });
}
