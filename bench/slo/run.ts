import type { MeasuredBank, Mode } from '../banks/bank.ts';
import { openCrowd } from '../banks/crowd.ts';
import { type Watched, watch } from '../banks/watch.ts';
import { isBorne } from '../load/figures.ts';
import { symbols } from '../load/lanes.ts';
import { openLoad, type Plan } from '../load/load.ts';
import { brokerageDay } from '../load/mixes.ts';
import { objective } from '../objective.ts';
import { openTables } from '../place-order/rows.ts';
import { searchRate } from './search.ts';

export type Step = { readonly rate: number; readonly borne: boolean; readonly watched: Watched };
export type ModeResult = {
  readonly mode: Mode;
  readonly steps: readonly Step[];
  /** The highest rate that was borne, in requests per second; 0 when none was. */
  readonly best: number;
  readonly proof: string;
};

export type Wishes = {
  readonly customers: number;
  readonly stepSeconds: number;
  readonly stepsMax: number;
  readonly from: number;
  readonly until: number;
  readonly say: (line: string) => void;
};

/** Until the code that answers has been compiled: a bank that has just started is slow. */
const warmUp = { perSecond: 40, seconds: 40 };
/** Between what held and what did not: nearer than a tenth is chance. */
const precision = 1.12;
const seed = 6;

/** Starts the bank, looks for the rate that it bears, and has the books proved. */
export async function findRate(measured: MeasuredBank, wishes: Wishes): Promise<ModeResult> {
  const bank = await measured.start();
  const load = openLoad();
  try {
    const tables = await openTables(measured.adminUrl());
    const lanes = await openCrowd(bank, wishes.customers);
    const planOf = (perSecond: number, seconds: number, run: string): Plan => ({
      ...{ webUrls: [bank.webUrl], lanes, symbols, phases: brokerageDay },
      ...{ perSecond, seconds, seed, run },
    });
    const setting = { bank, adminUrl: measured.adminUrl(), tables };
    await watch(setting, () => load.run(planOf(warmUp.perSecond, warmUp.seconds, 'warm-up')));

    const { from, until, stepsMax } = wishes;
    const search = searchRate({ from, until, precision, stepsMax });
    const steps: Step[] = [];
    for (let rate = search.next(); rate !== null; rate = search.next()) {
      const plan = planOf(rate, wishes.stepSeconds, `step-${steps.length}`);
      const watched = await watch(setting, () => load.run(plan));
      const borne = isBorne(watched.load, objective);
      search.tried(rate, borne);
      steps.push({ rate, borne, watched });
      wishes.say(`${measured.mode}: ${rate} requests per second ${borne ? 'borne' : 'not borne'}`);
    }
    const proof = await measured.booksAgree();
    await tables.close();
    return { mode: measured.mode, steps, best: search.best(), proof };
  } finally {
    load.close();
    await bank.stop();
  }
}
