import { transactor } from '@simplebank/chassis/database';
import { databasePart } from '@simplebank/chassis/database-part';
import type { Logger } from '@simplebank/chassis/logging';
import { createLoop } from '@simplebank/chassis/loop';
import type { Part } from '@simplebank/chassis/process';
import type { Clock } from '@simplebank/kernel/clock';
import { marketHours } from '@simplebank/kernel/market-hours';
import { type Traded, tradeDue } from './commands/trade-due.ts';
import type { SimulatorConfig } from './config.ts';
import { connect, type Tx } from './data/client.ts';
import { haltedSymbols, setHalt } from './data/halts.ts';
import type { Deps } from './deps.ts';
import { type Desk, honestDesk } from './desk.ts';
import type { Faults, FaultsChange } from './domain/faults.ts';
import { migrations } from './generated/migrations.ts';
import { misbehaving } from './misbehaving.ts';

/** Switches for those who test against the venue. */
export type Control = {
  readonly setFaults: (change: FaultsChange) => Faults;
  /** Answers all symbols that are halted by hand. */
  readonly halt: (symbol: string, halted: boolean) => Promise<readonly string[]>;
};

export type Simulator = {
  readonly desk: Desk;
  /** The prices as everybody may read them; the mishaps of the desk do not touch it. */
  readonly tape: Desk['quotes'];
  readonly control: Control;
  /** Trades what is due now; the loop among the parts does it by itself. */
  readonly trade: () => Promise<Traded>;
  /** Tells a listener after each turn that may have made reports. */
  readonly onTrade: (listener: () => void) => void;
  readonly parts: readonly Part[];
};

type Surroundings = { readonly clock: Clock; readonly log: Logger };

/** The longest pause of the trading loop, which is woken by what arrives in this process. */
const idleMs = 1_000;
/**
 * Fills that fall due within this time are one transaction here and one page of reports for the
 * participant: at most 40 of each a second, however many orders work.
 */
const turnEveryMs = 25;

/**
 * An exchange that plays an outside party, in process. Its book lies in a database of its own and
 * survives every crash; the same seed gives the same prices, fills, pauses, rejects, halts and
 * duplicates. Nothing trades until its parts are started or `trade` is called.
 */
export function openSimulator(config: SimulatorConfig, { clock, log }: Surroundings): Simulator {
  const deps = depsOf(config, clock);
  const listeners: (() => void)[] = [];
  const trade = async () => {
    const traded = await tradeDue(deps);
    if (traded.traded > 0) for (const tell of listeners) tell();
    return traded;
  };
  const loop = createLoop({
    service: 'venue',
    name: 'venue-trading',
    log,
    turn: async () => {
      const { pauseMs } = await trade();
      return Math.min(Math.max(pauseMs ?? idleMs, turnEveryMs), idleMs);
    },
  });
  const honest = honestDesk(deps, loop.wake);
  const { desk, setFaults } = misbehaving(honest, config);
  const database = databasePart({ service: 'venue', db: deps.db, migrations });
  return {
    desk,
    tape: honest.quotes,
    control: { setFaults, halt: halting(deps, loop.wake) },
    trade,
    onTrade: (listener) => listeners.push(listener),
    parts: [database, loop],
  };
}

function depsOf(config: SimulatorConfig, clock: Clock): Deps {
  const db = connect(config.VENUE_DATABASE_URL);
  return {
    db,
    transact: transactor<Tx>(db, { onCommit: () => {} }),
    clock,
    hours: marketHours(config.VENUE_CALENDAR),
    seed: config.VENUE_SEED,
    rejectSymbols: config.VENUE_REJECT_SYMBOLS,
    rejectPercent: config.VENUE_REJECT_PERCENT,
    duplicatePercent: config.VENUE_DUPLICATE_PERCENT,
    haltPercent: config.VENUE_HALT_PERCENT,
    thinPercent: config.VENUE_THIN_PERCENT,
  };
}

const halting =
  ({ db, clock }: Deps, wake: () => void): Control['halt'] =>
  async (symbol, halted) => {
    await setHalt(db, { symbol, halted, at: clock.now() });
    wake();
    return [...(await haltedSymbols(db))];
  };
