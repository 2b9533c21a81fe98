import type { Result } from '@simplebank/kernel/result';
import { type Story, storyOf } from '../../commands/story.ts';
import type { Context } from '../../context.ts';
import type { Deps } from '../../deps.ts';
import type { StaffAct } from '../commands/staff.ts';
import type { Account } from '../domain/account.ts';
import { messages, optionalKeyOf, reasonOf, reload, requireForStaff } from './input.ts';

type Code = 'ACCOUNT_STATUS' | 'IDEMPOTENCY_KEY_REUSED';
type Asked = {
  readonly accountId: string;
  readonly reason: string;
  readonly idempotencyKey?: string | null | undefined;
};
type Command = (
  deps: Deps,
  act: StaffAct,
  story: Story,
) => Promise<Result<string, { readonly code: Code }>>;

type Acted =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: Code; readonly message: string };

/** What every staff command on an account shares: who may, why, and the account as it is now. */
export async function actAsStaff(context: Context, asked: Asked, run: Command): Promise<Acted> {
  const { id: accountId } = await requireForStaff(context, asked.accountId);
  const idempotencyKey = optionalKeyOf(asked.idempotencyKey);
  const act = { accountId, reason: reasonOf(asked.reason), idempotencyKey };
  const done = await run(context, act, storyOf(context));
  if (done.ok) return { ok: true, account: await reload(context, accountId) };
  const { code } = done.error;
  return { ok: false, code, message: messages[code] };
}
