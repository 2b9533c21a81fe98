import type { Result } from '@simplebank/kernel/result';
import { type Story, storyOf } from '../../commands/story.ts';
import type { Context } from '../../context.ts';
import type { Deps } from '../../deps.ts';
import type { OwnerAct } from '../commands/close-account.ts';
import type { Account } from '../domain/account.ts';
import { messages, optionalKeyOf, reload, requireOwned } from './input.ts';

type Asked = {
  readonly accountId: string;
  readonly idempotencyKey?: string | null | undefined;
};
type Command<Code> = (
  deps: Deps,
  act: OwnerAct,
  story: Story,
) => Promise<Result<string, { readonly code: Code }>>;

type Acted<Code> =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: Code; readonly message: string };

/** What every command of an owner on the account's state shares; each owner may act alone. */
export async function actAsOwner<Code extends keyof typeof messages>(
  context: Context,
  asked: Asked,
  run: Command<Code>,
): Promise<Acted<Code>> {
  const { id: accountId } = await requireOwned(context, asked.accountId);
  const act = { accountId, idempotencyKey: optionalKeyOf(asked.idempotencyKey) };
  const done = await run(context, act, storyOf(context));
  if (done.ok) return { ok: true, account: await reload(context, accountId) };
  const { code } = done.error;
  return { ok: false, code, message: messages[code] };
}
