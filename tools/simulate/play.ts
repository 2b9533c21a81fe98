import { clockAt } from '@simplebank/kernel/calendar';
import { begin } from './act.ts';
import { ask, type Command, type Said } from './ask.ts';
import { nextCommand } from './commands.ts';
import { LawBroken } from './laws.ts';
import { deliver, dueJobs, hasNews, type JobName, relay, retry, runJob, trade } from './steps.ts';
import { stations, type World } from './world.ts';

export type Length = {
  /** Orders that customers place; their other wishes come on top. */
  readonly orders: number;
  /** Of the virtual clock, about. */
  readonly days: number;
};

const jumpsPerDay = 0.8;
const stepsPerOrderMax = 400;
const stepsAfterPerOrder = 8;

/** One step after the other, each by chance, until every order is placed. */
export async function play(world: World, { orders, days }: Length): Promise<void> {
  calmAll(world, false);
  const jumpy = Math.min(0.5, (days * jumpsPerDay) / Math.max(1, orders));
  for (let left = orders, step = 0; left > 0; step += 1) {
    if (step > orders * stepsPerOrderMax) throw new Error('the orders are never all placed');
    const chosen = choose(world);
    if (chosen !== 'COMMAND') {
      await chosen();
      continue;
    }
    if (world.dice.flip(jumpy)) await jump(world);
    if (await command(world)) left -= 1;
  }
  await goOn(world, orders * stepsAfterPerOrder);
}

/** What is under way goes on for a while, and so does what goes wrong. */
async function goOn(world: World, steps: number): Promise<void> {
  for (let left = steps; left > 0; ) {
    const chosen = choose(world);
    if (chosen === 'COMMAND') continue;
    await chosen();
    left -= 1;
  }
}

export function calmAll(world: World, calm: boolean): void {
  world.calm = calm;
  world.network.setCalm(calm);
  world.exchange.setCalm(calm);
  world.payer.setCalm(calm);
}

type Step = () => Promise<void>;

function choose(world: World): Step | 'COMMAND' {
  const { dice, network, clock, exchange, profile } = world;
  const ready = network.ready(clock.now());
  const dirty = stations(world).filter(({ left }) => left.outbox);
  const parked = stations(world).filter(({ left }) => left.parked);
  const jobs = dueJobs(world);
  return dice.weighted<Step | 'COMMAND'>([
    ['COMMAND', 0.8],
    [() => deliver(world, dice.pick(ready)), ready.length > 0 ? 6 : 0],
    [() => relay(world, dice.pick(dirty)), dirty.length > 0 ? 6 : 0],
    [() => retry(world, dice.pick(parked)), parked.length > 0 ? 2 : 0],
    [() => runJob(world, ...dice.weighted(weighed(world, jobs))), jobs.length > 0 ? 4 : 0],
    [
      async () => void trade(world),
      exchange.working().length > 0 ? (exchange.isStill() ? 0.3 : 4) : 0,
    ],
    [() => tick(world), 3],
    [() => restart(world), profile.crash > 0 ? 0.05 : 0],
  ]);
}

const drives = /send|take-reports|payment|notice|open-accepted|strateg/;

/** What drives orders runs often when there may be something to do; what tidies up runs, too. */
const weighed = (world: World, jobs: readonly JobName[]) =>
  jobs.map((job) => {
    const [, name] = job;
    if (!drives.test(name)) return [job, 0.15] as const;
    return [job, hasNews(world, job) ? 3 : 0.2] as const;
  });

async function tick(world: World): Promise<void> {
  const { clock, dice } = world;
  const [min, max] = dice.weighted<readonly [number, number]>([
    [[10, 900], 8],
    [[1_000, 20_000], 3],
    [[20_000, 200_000], 1],
  ]);
  moveOn(world, clock.now().getTime() + dice.between(min, max));
}

/** Never back. */
export function moveOn({ clock, tally }: World, to: number): void {
  const before = clock.now();
  if (to <= before.getTime()) return;
  clock.moveTo(new Date(to));
  tally.count('bells crossed', clockAt(before).nextClose.getTime() <= to ? 1 : 0);
  tally.count('months crossed', monthOf(before) === monthOf(clock.now()) ? 0 : 1);
}

const monthOf = (at: Date): string => at.toISOString().slice(0, 'yyyy-mm'.length);

const minuteMs = 60_000;
const aroundMs = 90_000;

/** Some minutes, or to somewhere around the next bell, or over night. */
async function jump(world: World): Promise<void> {
  const { clock, dice } = world;
  const now = clock.now();
  const { nextOpen, nextClose } = clockAt(now);
  const around = (bell: Date) => bell.getTime() + dice.between(-aroundMs, aroundMs);
  const to = dice.weighted([
    [now.getTime() + dice.between(1, 50) * minuteMs, 5],
    [around(nextClose), 1.2],
    [around(nextOpen), 1],
    [nextOpen.getTime() + dice.between(1, 200) * minuteMs, 1.5],
  ]);
  moveOn(world, to);
  begin(world, 'time passes');
  if (dice.flip(0.85)) await tellPrices(world);
}

const hearsPricesMs = 30_000;

/** As a rule they are there before a customer asks; now and then the line is in the way. */
async function tellPrices(world: World): Promise<void> {
  const { bank, clock, network } = world;
  const hears = async (subscriber: 'assets' | 'orders') => {
    if (!network.ready(clock.now()).includes(subscriber)) clock.advance(hearsPricesMs);
    if (network.ready(clock.now()).includes(subscriber)) await deliver(world, subscriber);
  };
  await runJob(world, bank.market, 'publish-quotes');
  await relay(world, bank.market);
  await hears('assets');
  await relay(world, bank.assets);
  await hears('orders');
}

async function restart(world: World): Promise<void> {
  const station = world.dice.pick(stations(world));
  begin(world, `${station.context} restarts`);
  world.tally.count('restarts');
  await station.restart();
}

/** True when it was an order or an investment. */
async function command(world: World): Promise<boolean> {
  const wanted = nextCommand(world);
  await send(world, wanted);
  return wanted.name === 'placeOrder' || wanted.name === 'investInStrategy';
}

/** Sends a command and holds the answer to what was said before under the same key. */
export async function send(world: World, command: Command): Promise<Said> {
  const said = await ask(world, command);
  const { viewer, input } = command;
  const owner = viewer.kind === 'principal' ? viewer.customerId : 'nobody';
  const key = `${owner}/${String(input['idempotencyKey'])}`;
  const before = world.said.get(key)?.answered ?? 'NOTHING';
  if (before !== 'NOTHING') world.tally.count('commands repeated');
  const known = before !== 'NOTHING' && before !== 'LOST' && before !== 'REFUSED';
  const answered = said.kind === 'DONE' ? madeBy(said) : said.kind;
  if (known && said.kind !== 'LOST' && answered !== before) {
    throw new LawBroken('a repeat is answered as before', `${key}: ${before}, then ${answered}`);
  }
  if (said.kind !== 'LOST' || !known) world.said.set(key, { command, answered });
  if (command.name === 'placeOrder' && said.kind === 'DONE') {
    world.orders.set(answered, String(input['accountId']));
  }
  return said;
}

function madeBy({ data }: Said & { kind: 'DONE' }): string {
  const made = Object.values(data).find((value) => typeof value === 'object' && value !== null);
  return String((made as { id?: string } | undefined)?.id ?? 'DONE');
}
