import { setTimeout as pause } from 'node:timers/promises';
import type { BankClient } from '../../../tools/bank/client.ts';
import type { Customer } from './chaos-load.ts';
import { type Answer, askOnce, type OutageFleet } from './outage-fleet.ts';
import { missingIn, screenWithout } from './screens.ts';

export type ReadsOptions = {
  readonly bank: OutageFleet;
  readonly customers: readonly Customer[];
  readonly perSecond: number;
};

export type Read = {
  readonly asked: number;
  /** Every answer that lacks anything, by what it lacks; none of them is asked again. */
  readonly failed: Readonly<Record<string, number>>;
  readonly slowestMs: number;
};

/** Null when the answer holds all that was asked for. */
function lackOf({ status, data, told }: Answer, missing: readonly string[]): string | null {
  const codes = told.map(({ code, subgraph }) => `${code} of ${subgraph ?? 'the gateway'}`);
  if (status === 200 && data !== null && codes.length + missing.length === 0) return null;
  return [`${status}`, ...new Set(codes), ...missing].join(' ');
}

type Question = {
  readonly door: BankClient;
  readonly query: string;
  readonly variables: object;
  readonly missing: (data: Answer['data']) => readonly string[];
};

/** A customer's screen of all contexts at one gateway, a person of the staff at another. */
function questionOf({ bank, customers }: ReadsOptions, nth: number): Question {
  const customer = customers[nth % customers.length];
  // No two ask the same within a minute, so that no cache answers for a process.
  const n = 1 + (nth % 100);
  if (!customer || nth % 5 === 0) {
    const query = `query Staff${n} { asset(id: "DEF") { name price } }`;
    return { door: bank.staff, query, variables: {}, missing: () => [] };
  }
  const { accountId: account, stockOrderId: order } = customer;
  const variables = { account, order, n };
  return { door: customer.door(), query: screenWithout([]), variables, missing: missingIn };
}

/** Asks at this pace until it is stopped; each question once, whatever comes of it. */
export function startReads(options: ReadsOptions) {
  const failed: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  const state = { asked: 0, slowestMs: 0, isOver: false };
  const askOne = async ({ door, query, variables, missing }: Question) => {
    const answer = await askOnce(door, query, variables).catch((error: Error) => error.name);
    const lack =
      typeof answer === 'string' ? `no answer: ${answer}` : lackOf(answer, missing(answer.data));
    if (typeof answer !== 'string') state.slowestMs = Math.max(state.slowestMs, answer.tookMs);
    if (lack !== null) failed[lack] = (failed[lack] ?? 0) + 1;
  };
  const asking = (async () => {
    const startedAt = performance.now();
    while (!state.isOver) {
      const asked = askOne(questionOf(options, state.asked++)).finally(() =>
        underWay.delete(asked),
      );
      underWay.add(asked);
      const dueMs = startedAt + (state.asked / options.perSecond) * 1_000 - performance.now();
      await pause(Math.max(dueMs, 0));
    }
  })();
  return {
    stop: async (): Promise<Read> => {
      state.isOver = true;
      await asking;
      await Promise.all(underWay);
      return { asked: state.asked, failed, slowestMs: Math.round(state.slowestMs) };
    },
  };
}
