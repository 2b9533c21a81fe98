import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ActionKind, ActionState, CorporateAction, Terms } from '../domain/action.ts';

type Row = {
  readonly id: string;
  readonly assetId: string;
  readonly kind: ActionKind;
  readonly state: ActionState;
  readonly exDate: string;
  readonly rate: string | null;
  readonly currency: string | null;
  readonly payDate: string | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly version: number;
  readonly announcedAt: Date;
};

const columns = Prisma.sql`id::text, corporate_action.asset_id::text AS "assetId", kind, state,
  ex_date::text AS "exDate", trim_scale(rate)::text AS rate, currency, pay_date::text AS "payDate",
  numerator, denominator, version, announced_at AS "announcedAt"`;

const toAction = ({ kind: _, rate: __, ...row }: Row, terms: Terms): CorporateAction => {
  const { id, assetId, exDate, state, version, announcedAt } = row;
  return { id, assetId, exDate, terms, state, version, announcedAt };
};

function termsOf({ id, kind, rate, currency, payDate, numerator, denominator }: Row): Terms {
  if (kind === 'SPLIT' && numerator !== null && denominator !== null) {
    return { kind, numerator, denominator };
  }
  if (kind === 'DIVIDEND' && rate !== null && currency !== null && payDate !== null) {
    return { kind, rate: new Decimal(rate), currency, payDate };
  }
  throw new Error(`corporate action ${id} lacks its terms`);
}

const read = (rows: readonly Row[]): CorporateAction[] =>
  rows.map((row) => toAction(row, termsOf(row)));

/** False when one of its kind is announced for that asset and ex-date already. */
export async function insertAction(tx: Tx, action: CorporateAction): Promise<boolean> {
  const { id, assetId, exDate, terms, state, version, announcedAt } = action;
  const dividend = terms.kind === 'DIVIDEND' ? terms : null;
  const split = terms.kind === 'SPLIT' ? terms : null;
  const count = await tx.$executeRaw`
    /* actions.insert */
    INSERT INTO corporate_action (id, asset_id, kind, state, ex_date, rate, currency, pay_date,
      numerator, denominator, version, announced_at, changed_at)
    VALUES (${id}::uuid, ${assetId}::uuid, ${terms.kind}, ${state}, ${exDate}::date,
      ${dividend?.rate.toFixed() ?? null}::numeric, ${dividend?.currency ?? null},
      ${dividend?.payDate ?? null}::date, ${split?.numerator ?? null}::int,
      ${split?.denominator ?? null}::int, ${version}::int,
      ${announcedAt.toISOString()}::timestamptz, ${announcedAt.toISOString()}::timestamptz)
    ON CONFLICT (asset_id, kind, ex_date) WHERE state <> 'CANCELED' DO NOTHING`;
  return count === 1;
}

/** Null when there is none. */
export async function lockAction(tx: Tx, id: string): Promise<CorporateAction | null> {
  const rows = await tx.$queryRaw<Row[]>`
    /* actions.lock */
    SELECT ${columns} FROM corporate_action WHERE id = ${id}::uuid FOR UPDATE`;
  return read(rows)[0] ?? null;
}

/** `exDate`: of the shares that are held now; `today`: in New York. */
export type Due = { readonly exDate: string; readonly today: string };

/** What the calendar may move on these dates, by ex-date; locked ones are passed. */
export async function lockDue(
  tx: Tx,
  { exDate, today }: Due,
  limit: number,
): Promise<CorporateAction[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* actions.lock-due */
    SELECT ${columns} FROM corporate_action
    WHERE (state = 'ANNOUNCED' AND ex_date <= ${exDate}::date)
      OR (state = 'EFFECTIVE' AND (kind = 'SPLIT' OR pay_date < ${today}::date))
    ORDER BY ex_date, id LIMIT ${limit}::int FOR UPDATE SKIP LOCKED`;
  return read(rows);
}

/** Writes the states of actions that are locked. */
export const saveStates = (
  tx: Tx,
  actions: readonly CorporateAction[],
  at: Date,
): Promise<number> =>
  tx.$executeRaw`
    /* actions.save-states */
    UPDATE corporate_action SET state = moved.state, version = moved.version,
      changed_at = ${at.toISOString()}::timestamptz
    FROM unnest(${actions.map(({ id }) => id)}::uuid[],
      ${actions.map(({ state }) => state)}::text[],
      ${actions.map(({ version }) => version)}::int[]) AS moved (id, state, version)
    WHERE corporate_action.id = moved.id`;

/** Those that have changed what a share is, of many assets. */
export async function begunActions(
  db: Tx,
  assetIds: readonly string[],
): Promise<CorporateAction[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* actions.begun */
    SELECT ${columns} FROM corporate_action
    WHERE asset_id = ANY(${[...assetIds]}::uuid[]) AND state IN ('EFFECTIVE', 'COMPLETED')
    ORDER BY ex_date, id`;
  return read(rows);
}

/** Answers in the order of `ids`; unknown ids answer null. */
export async function findActions(
  db: Tx,
  ids: readonly string[],
): Promise<(CorporateAction | null)[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* actions.find */
    SELECT ${columns} FROM corporate_action WHERE id = ANY(${[...ids]}::uuid[])`;
  const byId = new Map(read(rows).map((action) => [action.id, action]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** A list is read from the latest ex-date on; this is where an action stands in it. */
export type ActionPlace = { readonly exDate: string; readonly id: string };
export type ActionPage = { readonly after: ActionPlace | null; readonly limit: number };
export type ActionFilter = {
  readonly assetId: string | null;
  readonly kinds: readonly ActionKind[];
  readonly states: readonly ActionState[];
  /** Inclusive. */
  readonly from: string | null;
  readonly to: string | null;
};

const below = (after: ActionPlace | null): Prisma.Sql =>
  after ? Prisma.sql`(ex_date, id) < (${after.exDate}::date, ${after.id}::uuid)` : Prisma.sql`true`;

export async function listActions(
  db: Tx,
  filter: ActionFilter,
  { after, limit }: ActionPage,
): Promise<CorporateAction[]> {
  const { assetId, kinds, states, from, to } = filter;
  const wanted = [
    below(after),
    ...(assetId ? [Prisma.sql`asset_id = ${assetId}::uuid`] : []),
    ...(kinds.length > 0 ? [Prisma.sql`kind = ANY(${[...kinds]}::text[])`] : []),
    ...(states.length > 0 ? [Prisma.sql`state = ANY(${[...states]}::text[])`] : []),
    ...(from ? [Prisma.sql`ex_date >= ${from}::date`] : []),
    ...(to ? [Prisma.sql`ex_date <= ${to}::date`] : []),
  ];
  const rows = await db.$queryRaw<Row[]>`
    /* actions.list */
    SELECT ${columns} FROM corporate_action WHERE ${Prisma.join(wanted, ' AND ')}
    ORDER BY ex_date DESC, id DESC LIMIT ${limit}::int`;
  return read(rows);
}

/** The same page of each asset's list; one statement for all assets. */
export async function actionsOfAssets(
  db: Tx,
  assetIds: readonly string[],
  { after, limit }: ActionPage,
): Promise<CorporateAction[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* actions.of-assets */
    SELECT page.* FROM unnest(${[...assetIds]}::uuid[]) AS asset (asset_id)
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM corporate_action
      WHERE corporate_action.asset_id = asset.asset_id AND ${below(after)}
      ORDER BY ex_date DESC, id DESC LIMIT ${limit}::int) AS page`;
  return read(rows);
}
