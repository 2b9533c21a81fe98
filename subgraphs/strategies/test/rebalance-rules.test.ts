import { beforeAll, beforeEach, expect, test } from 'vitest';
import {
  runEvents,
  runStatuses,
  runTransitions,
  targetOf,
} from '../src/rebalancing/domain/transitions.ts';
import { abc, alice, def, subgraph, useInvestors } from './investors.ts';
import { anAccount, fill, halfAndHalf, quote, started } from './rebalancers.ts';

/** What the database refuses by itself, whatever the application does (domain §2.5, §6.4). */
useInvestors();
let selling: string;
let bought: string;
beforeAll(async () => {
  await quote();
  selling = await started({ accountId: await anAccount({ held: { [abc]: '80', [def]: '10' } }) });
  bought = await started({ accountId: await anAccount({ held: { [abc]: '80', [def]: '10' } }) });
  await fill(bought, 'SELL', { [abc]: { value: '300.00' } });
});
beforeEach(() => quote());

const run = (sql: string) => subgraph.admin.$executeRawUnsafe(sql);
const runRow = (id: string) => `rebalance_run WHERE id = '${id}'`;
const update = (id: string, change: string) =>
  run(`UPDATE rebalance_run SET ${change} WHERE id = '${id}'`);
const updateItem = (id: string, assetId: string, change: string) =>
  run(`UPDATE rebalance_item SET ${change} WHERE run_id = '${id}' AND asset_id = '${assetId}'`);

test('the table of transitions is the one of the domain, and nobody changes it', async () => {
  const rows = await subgraph.admin.rebalanceTransition.findMany();
  const told = rows.map(({ fromStatus, event, toStatus }) => [fromStatus, event, toStatus]);
  expect(told.toSorted()).toEqual([...runTransitions].map((row) => [...row]).toSorted());
  await expect(run('DELETE FROM rebalance_transition')).rejects.toThrow('append-only');
});

/** How a run gets to a state, as pairs of event and state. */
const pathTo = (status: string): readonly (readonly [string, string])[] => {
  const last = runTransitions.find(([, , to]) => to === status);
  return !last || last[0] === 'NONE' ? [] : [...pathTo(last[0]), [last[1], last[2]]];
};

/** Leads a new run along each path and then tries one more move; names the moves that are taken. */
const tryMoves = (strategyId: string) => `
  CREATE FUNCTION move_run(run uuid, by_event text, next text) RETURNS void LANGUAGE sql AS $$
    UPDATE rebalance_run SET status = next, changed_by = by_event,
      ended_at = CASE WHEN next NOT IN ('QUEUED', 'SELLING', 'BUYING') THEN now() END,
      reason = CASE WHEN next IN ('FAILED', 'TIMED_OUT') THEN 'ORDERS_LATE' END,
      proceeds = CASE WHEN next ~ 'BUYING|COMPLETED' THEN coalesce(proceeds, 0) ELSE proceeds END
    WHERE id = run $$;
  CREATE FUNCTION moves_taken(cases jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
  DECLARE one jsonb; move jsonb; run uuid;
  BEGIN
    FOR one IN SELECT jsonb_array_elements(cases) LOOP
      run := gen_random_uuid();
      INSERT INTO rebalance_run (id, account_id, customer_id, strategy_id, strategy_version, mode,
        sell_outside, currency, status, changed_by, deadline, created_at)
      VALUES (run, gen_random_uuid(), gen_random_uuid(), '${strategyId}', 1, 'FULL', false, 'USD',
        'QUEUED', 'RECORD', now(), now());
      FOR move IN SELECT jsonb_array_elements(one->'path') LOOP
        PERFORM move_run(run, move->>0, move->>1);
      END LOOP;
      BEGIN
        PERFORM move_run(run, one->>'event', one->>'to');
        RETURN NEXT one->>'name';
      EXCEPTION WHEN check_violation THEN NULL; END;
    END LOOP;
  END $$`;

test('every (state, event) pair leads by trigger where the table says', async () => {
  const moves = runStatuses.flatMap((from) =>
    runEvents.flatMap((event) =>
      runStatuses
        .filter((to) => to !== from)
        .map((to) => ({ from, event, to, name: `${from} ${event} ${to}`, path: pathTo(from) })),
    ),
  );
  for (const statement of tryMoves(await halfAndHalf()).split(/;\n(?= {2}CREATE)/)) {
    await run(statement);
  }
  const taken = await subgraph.admin.$queryRaw<{ name: string }[]>`
    SELECT moves_taken(${JSON.stringify(moves)}::jsonb) AS name`;
  const legal = moves.filter(({ from, event, to }) => targetOf(from, event) === to);
  expect(taken.map(({ name }) => name).toSorted()).toEqual(
    legal.map(({ name }) => name).toSorted(),
  );
});

test('a run begins QUEUED, and an account has one open run', async () => {
  const copy = (change: string) =>
    run(`INSERT INTO rebalance_run SELECT (jsonb_populate_record(r, jsonb_build_object(
      'id', gen_random_uuid(), 'number', 900000) || '${change}'::jsonb)).* FROM rebalance_run r
      WHERE id = '${selling}'`);
  await expect(copy('{}')).rejects.toThrow('no transition');
  const queued = '{"status": "QUEUED", "changed_by": "RECORD"}';
  await expect(copy(queued)).rejects.toThrow('rebalance_run_open');
});

test.each([
  ['mode', `'BUY_ONLY'`],
  ['amount', '5'],
  ['strategy_version', '2'],
  ['account_id', 'gen_random_uuid()'],
])('the %s of a run never changes', async (column, value) => {
  await expect(update(selling, `${column} = ${value}`)).rejects.toThrow('its terms never change');
});

test('what was asked for and what the purchases were cut from never changes', async () => {
  await expect(updateItem(selling, abc, 'quantity = 31')).rejects.toThrow('never changes');
  await expect(updateItem(bought, def, 'amount = 299')).rejects.toThrow('never changes');
  await expect(update(bought, 'proceeds = 900')).rejects.toThrow('were cut from');
});

test('purchases beyond proceeds and amount are refused at commit', async () => {
  const change = `status = 'REQUESTED', amount = 300`;
  await expect(updateItem(selling, def, change)).rejects.toThrow('purchases of 300.0000');
});

test('an item goes forward only, and a sale has its shares, a purchase its money', async () => {
  await expect(updateItem(bought, abc, `status = 'REQUESTED'`)).rejects.toThrow('does not go from');
  await expect(updateItem(selling, def, `status = 'REQUESTED'`)).rejects.toThrow(
    'rebalance_item_amount',
  );
  await expect(updateItem(selling, abc, `status = 'ORDERED'`)).rejects.toThrow(
    'rebalance_item_ordered',
  );
  await expect(updateItem(selling, def, `quantity = 5`)).rejects.toThrow('never changes');
});

test('a run that never sells has no sale, one that takes money out no purchase', async () => {
  const held = { [abc]: '80', [def]: '10' };
  const wish = { accountId: await anAccount({ held }), mode: 'BUY_ONLY', amount: '50' };
  const buys = await started(wish);
  const out = await started({
    accountId: await anAccount({ held }),
    mode: 'CASH_FLOW',
    amount: '-50',
  });
  const move = (from: string, to: string) =>
    run(`INSERT INTO rebalance_item SELECT (jsonb_populate_record(i, jsonb_build_object(
      'run_id', '${to}', 'asset_id', gen_random_uuid()))).* FROM rebalance_item i
      WHERE run_id = '${from}'`);
  await expect(move(out, buys)).rejects.toThrow('makes no SELL');
  await expect(move(buys, out)).rejects.toThrow('makes no BUY');
});

test('runs and items stay', async () => {
  await expect(run(`DELETE FROM ${runRow(selling)}`)).rejects.toThrow();
  await expect(run(`DELETE FROM rebalance_item WHERE run_id = '${selling}'`)).rejects.toThrow(
    'append-only',
  );
  await expect(run('TRUNCATE rebalance_item')).rejects.toThrow('append-only');
  expect(alice).toBeDefined();
});

test('a position never has more reserved than there is', async () => {
  await expect(run('UPDATE position SET reserved = quantity + 1')).rejects.toThrow(
    'position_reserved',
  );
});
