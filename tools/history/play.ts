import { settlementDate } from '@simplebank/kernel/calendar';
import { monthAfter, monthOf, monthStart } from '@simplebank/kernel/month';
import { type Book, type Day, type Scene, send } from './acting.ts';
import type { Act, Page } from './acts.ts';
import { inSession } from './days.ts';
import type { Past } from './past.ts';

/** Half an hour after the opening. */
const actMinutes = 30;
/** Before anybody is awake. */
const settleMinutes = -120;
const monthGraceMs = 6 * 60_000;

const isOf =
  (...kinds: readonly Act['kind'][]) =>
  (act: Act): boolean =>
    kinds.includes(act.kind);

type Visit = { readonly at: Date; readonly work: () => Promise<void> };

/**
 * Plays the diary up to `until`. Only moments at which something happens are visited: pages, the
 * days on which their trades settle, and ends of months.
 */
export async function play(scene: Scene, diary: readonly Page[], until: Date): Promise<void> {
  const book: Book = { owners: new Map(), held: new Map() };
  const payDates = new Set(diary.flatMap(({ acts }) => acts.flatMap(payDateOf)));
  const plansFrom = diary.find(({ acts }) => acts.some(isOf('PLAN')))?.date;
  const pages = diary.map((page): Visit => {
    const at = inSession(page.date, actMinutes);
    const due = {
      dividends: payDates.has(page.date),
      plans: plansFrom !== undefined && page.date > plansFrom,
    };
    return { at, work: () => turnPage(scene, { ...page, due }, { ...book, at }) };
  });
  const traded = diary.filter(({ date, acts }) => acts.some(trades) || date > (plansFrom ?? date));
  const settlements = [...new Set(traded.map(({ date }) => settlementDate(date)))].map(
    (date): Visit => ({ at: inSession(date, settleMinutes), work: () => settle(scene.past) }),
  );
  const exDates = [...new Set(diary.flatMap(({ acts }) => acts.flatMap(exDateOf)))].map(
    (date): Visit => ({ at: inSession(date, settleMinutes), work: () => goEx(scene.past) }),
  );
  const months = monthEnds(scene.past.clock.now(), until).map(
    (at): Visit => ({ at, work: () => closeMonth(scene.past) }),
  );
  const visits = [...pages, ...settlements, ...exDates, ...months].filter(({ at }) => at < until);
  for (const { at, work } of visits.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    scene.past.clock.moveTo(at);
    await work();
  }
}

function monthEnds(from: Date, until: Date): readonly Date[] {
  const ends: Date[] = [];
  for (
    let month = monthAfter(monthOf(from));
    monthStart(month) < until;
    month = monthAfter(month)
  ) {
    ends.push(new Date(monthStart(month).getTime() + monthGraceMs));
  }
  return ends;
}

async function settle(past: Past): Promise<void> {
  await past.run('accounts', 'settle-due');
  await past.pump();
}

/** More assets than have their turn in one round have it in the next. */
const quotedPerRound = 45;
const roundMs = 6_000;

async function tellPrices({ past, symbols }: Scene): Promise<void> {
  for (let quoted = 0; quoted < symbols.length; quoted += quotedPerRound) {
    past.clock.advance(roundMs);
    await past.run('market', 'publish-quotes');
  }
  await past.pump();
}

const payDateOf = (act: Act): readonly string[] => (act.kind === 'DIVIDEND' ? [act.payDate] : []);
const exDateOf = (act: Act): readonly string[] => (act.kind === 'DIVIDEND' ? [act.exDate] : []);

/** Who held the day before is entitled. */
async function goEx(past: Past): Promise<void> {
  await past.run('assets', 'advance-corporate-actions');
  await past.pump();
  await past.run('holdings', 'carry-out-actions');
  await past.pump();
}

async function closeMonth(past: Past): Promise<void> {
  await past.run('accounts', 'ask-for-months');
  await past.pump();
  await past.run('notifications', 'deliver-notifications');
}

const first = isOf('JOIN', 'DIVIDEND');
const moves = isOf('DEPOSIT', 'WITHDRAW');
const trades = isOf('BUY', 'SPEND', 'SELL', 'INVEST', 'ELECT', 'PLAN');

/** Which of the bank's own businesses there are on a day, besides what customers do. */
type Due = { readonly due: { readonly dividends: boolean; readonly plans: boolean } };

async function turnPage(scene: Scene, page: Page & Due, day: Day): Promise<void> {
  const { acts, date, due } = page;
  const { past } = scene;
  const sendAll = async (chosen: (act: Act) => boolean) => {
    for (const act of acts.filter(chosen)) await send(scene, { act, date, day });
  };
  const runPlans = async () => {
    if (!due.plans) return;
    await past.run('strategies', 'run-plans');
    await past.pump();
  };
  if (due.plans) await tellPrices(scene);
  await sendAll(first);
  await runPlans();
  await sendAll(moves);
  await past.run('accounts', ...(due.dividends ? ['pay-dividends'] : []), 'advance-payments');
  await past.pump();
  await runPlans();
  // Not before: while many join, prices would grow too old to trade at.
  if (acts.some(trades)) await tellPrices(scene);
  await sendAll(trades);
  await past.pump();
  if (due.plans || acts.some(trades)) await past.run('market', 'send-orders', 'take-reports');
  await past.pump();
  await runPlans();
  await past.run('notifications', 'deliver-notifications');
}
