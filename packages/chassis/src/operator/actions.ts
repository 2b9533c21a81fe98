import type { SqlRunner } from '../events/database.ts';

/** Who acts on events and processes by hand, and why; neither is empty. */
export type By = { readonly actor: string; readonly reason: string };

export type Action = {
  /** Such as `requeue`. */
  readonly command: string;
  /** Such as `event <id>`. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Appends in the transaction of the action, so that neither exists without the other. */
export async function recordActions(
  tx: SqlRunner,
  { actor, reason }: By,
  actions: readonly Action[],
): Promise<void> {
  if (actions.length === 0) return;
  await tx.$executeRaw`
    /* operator.record */
    INSERT INTO operator_action (actor, command, subject, reason, detail)
    SELECT ${actor}, command, subject, ${reason}, detail
    FROM jsonb_to_recordset(${JSON.stringify(actions)}::jsonb)
      AS a (command text, subject text, detail jsonb)`;
}

export type RecordedAction = By & Action & { readonly at: Date };

const actionsMax = 200;

/** What was done by hand, newest first. */
export const readActions = (tx: SqlRunner): PromiseLike<RecordedAction[]> =>
  tx.$queryRaw<RecordedAction[]>`
    /* operator.actions */
    SELECT at, actor, command, subject, reason, detail FROM operator_action
    ORDER BY id DESC LIMIT ${actionsMax}::int`;
