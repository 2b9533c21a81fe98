import { clockAt } from '@simplebank/kernel/calendar';
import { begin } from './act.ts';
import { accountCommand, staffCancel } from './commands-of-staff.ts';
import type { Row } from './grounds.ts';
import { keep, LawBroken } from './laws.ts';
import { calmAll, moveOn, send } from './play.ts';
import { dueJobs, hasNews, pump, retry, runJob, trade } from './steps.ts';
import { stations, type World } from './world.ts';

/** The storm is over: everything under way comes to its end, and the books must agree. */

const finals = `('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED')`;
const openOrders = `SELECT id::text FROM "order"
  WHERE status NOT IN ${finals} ORDER BY id`;
const openMoney = `SELECT id::text AS id FROM payment WHERE status IN ('CREATED', 'SUBMITTED')
  UNION ALL SELECT id::text FROM settlement_item WHERE settled_at IS NULL`;

/** Longer than the lease of an order that is on its way to the venue. */
const shortMs = 15_000;
const shortRounds = 30;
const stillRounds = 2;
/** Jobs that move nothing. */
const idle = /drop|stuck|quotes/;
/** Jobs whose work no run makes: they are looked at once. */
const unplayed = /rebalanc|plans|corporate|carry-out|dividend|rebase|rebuild|reseal|verification/;

/** All jobs once; those that the clock may have moved; or those alone that have news. */
type Extent = 'ALL' | 'CLOCK' | 'NEWS';
const daysMax = 25;
const dayMs = 86_400_000;
const settledMs = 3_600_000;

export async function comeToRest(world: World): Promise<void> {
  calmAll(world, true);
  for (const station of stations(world)) await station.restart();
  for (const station of stations(world)) station.left.outbox = station.left.parked = true;
  await freeAll(world);
  await rounds(world, 'ALL');
  await cancelAll(world);
  await rounds(world, 'NEWS');
  for (let day = 0; day < daysMax && (await isBusy(world)); day += 1) {
    const { nextClose } = clockAt(world.clock.now());
    const nextDay = world.clock.now().getTime() + dayMs;
    const to = Math.max(nextClose.getTime() + settledMs, nextDay);
    moveOn(world, to);
    await rounds(world, 'CLOCK');
  }
}

/** Until nothing moves any more, with a little time between the rounds. */
async function rounds(world: World, first: Extent): Promise<void> {
  for (let round = 0, still = 0; still < stillRounds; round += 1) {
    if (round > shortRounds) return;
    const before = world.trace.hash();
    begin(world, 'a round of rest');
    const moved = await roundOf(world, round === 0 ? first : 'NEWS');
    still = moved || world.trace.hash() === before ? 0 : still + 1;
    world.clock.advance(shortMs);
  }
}

async function roundOf(world: World, extent: Extent): Promise<boolean> {
  for (const station of stations(world).filter(({ left }) => left.parked)) {
    await retry(world, station);
  }
  const jobs = dueJobs(world)
    .filter(([, name]) => !idle.test(name) && (extent === 'ALL' || !unplayed.test(name)))
    .filter((job) => extent !== 'NEWS' || hasNews(world, job));
  for (const [station, name] of jobs) await runJob(world, station, name);
  const traded = trade(world);
  const waiting = world.network.nextAt() !== null;
  await pump(world);
  const parked = stations(world).some(({ left }) => left.parked);
  return traded > 0 || waiting || parked;
}

/** What is frozen does not come to rest. */
async function freeAll(world: World): Promise<void> {
  for (const { accountId } of world.people) {
    await send(world, accountCommand(world, 'unfreezeAccount', accountId));
    await send(world, accountCommand(world, 'liftLimit', accountId));
  }
}

async function cancelAll(world: World): Promise<void> {
  const rows = await world.grounds.orders.look('open-orders', openOrders);
  for (const { id } of rows) await send(world, staffCancel(world, String(id)));
}

async function isBusy(world: World): Promise<boolean> {
  const { grounds, payer } = world;
  const orders = await grounds.orders.look('open-orders', openOrders);
  const money = await grounds.accounts.look('open-money', openMoney);
  return orders.length + money.length > 0 || payer.nextAt() !== null;
}

const lost = `
  SELECT 'no event is parked or dead' AS law,
    consumer || ' ' || type || ' ' || state || ': ' || error AS by FROM parked_event
  UNION ALL SELECT 'every event is sent', type FROM outbox_event WHERE published_at IS NULL`;

const endOfOrders = `
  SELECT 'every order ends' AS law, id || ' is ' || status AS by FROM "order"
    WHERE status NOT IN ${finals}
  UNION ALL SELECT 'no message waits for ever', order_id::text FROM waiting_message
  UNION ALL SELECT 'no exception', reason || ' ' || event || ' of ' || order_id || ' that is ' ||
    status FROM order_exception`;

const endOfAccounts = `
  SELECT '2 nothing is held at rest' AS law, id || ' holds ' || held AS by FROM ledger_account
    WHERE kind = 'cash' AND held <> 0
  UNION ALL SELECT '8 nothing is unsettled at rest', id || ' ' || unsettled FROM ledger_account
    WHERE kind = 'cash' AND unsettled <> 0
  UNION ALL SELECT 'every payment ends', id || ' is ' || status FROM payment
    WHERE status IN ('CREATED', 'SUBMITTED')
  UNION ALL SELECT 'every execution is booked', order_id::text FROM waiting_execution
  UNION ALL SELECT 'no exception', code || ' ' || detail FROM booking_exception`;

const endOfHoldings = `
  SELECT '2 nothing is reserved at rest' AS law, account_id || ' reserves ' || reserved AS by
    FROM position WHERE reserved <> 0
  UNION ALL SELECT 'every reservation ends', order_id::text FROM reservation
    WHERE state NOT IN ('ENDED', 'REFUSED')`;

const endOfMarket = `
  SELECT 'every venue order ends' AS law, order_id || ' is ' || state AS by FROM venue_order
    WHERE state <> 'DONE'`;

const endOfStrategies = `
  SELECT 'every strategy order ends' AS law, id || ' is ' || status AS by FROM strategy_order
    WHERE status IN ('PLACING', 'IN_PROGRESS')`;

/** Nothing is left over, anywhere. */
export async function nothingLeft({ grounds }: World): Promise<void> {
  for (const [name, ground] of Object.entries(grounds)) {
    keep(await ground.look('lost', lost).catch(named(name)));
  }
  keep(await grounds.orders.look('end', endOfOrders));
  keep(await grounds.accounts.look('end', endOfAccounts));
  keep(await grounds.holdings.look('end', endOfHoldings));
  keep(await grounds.market.look('end', endOfMarket));
  keep(await grounds.strategies.look('end', endOfStrategies));
}

const named =
  (context: string) =>
  (error: unknown): readonly Row[] => {
    throw new LawBroken('the books can be read', `${context}: ${String(error)}`);
  };
