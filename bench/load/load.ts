import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Lane } from './requests.ts';
import type { Operation, Phase } from './schedule.ts';

export type Plan = {
  /** Doors of the web gateway; requests go to each in turn. */
  readonly webUrls: readonly string[];
  readonly lanes: readonly Lane[];
  readonly symbols: readonly string[];
  readonly phases: readonly Phase[];
  readonly seconds: number;
  /** Requests that fall due in a second, over the whole load; counts unless `atOnce` is given. */
  readonly perSecond: number;
  /** So many customers ask again as soon as they are answered, instead of by the schedule. */
  readonly atOnce?: number;
  readonly seed: number;
  /** Keeps the keys of one run apart from those of another on the same bank. */
  readonly run: string;
};

export type Sample = {
  readonly operation: Operation;
  readonly phase: string;
  /** When it was to be sent, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** Since it was due, so that a request that waits to be sent is slow itself. */
  readonly ms: number;
  /** Null for a whole answer. */
  readonly trouble: string | null;
  /** Of a market order that was placed. */
  readonly orderId?: string | null;
};

export type LoadResult = {
  readonly samples: readonly Sample[];
  readonly startedAt: number;
  /** When the last answer was there. */
  readonly stoppedAt: number;
  /** Processor time of the load itself: it shares the cores with the bank. */
  readonly cpuMs: number;
  /** How late the load itself was: beyond some milliseconds it measures itself. */
  readonly lagP99Ms: number;
  /** More requests were under way than a bank that keeps up would leave. */
  readonly cutShort: boolean;
};

export type Load = {
  run(plan: Plan): Promise<LoadResult>;
  close(): void;
};

const program = new URL('./load-process.ts', import.meta.url);

/** A process that plays all customers, one plan after the other. */
export function openLoad(): Load {
  const child = fork(program, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the load ended with ${code}`);
  });
  ended.catch(() => {}); // whoever runs a plan hears of it
  return {
    run: async (plan) => {
      child.send(plan);
      const [result] = await Promise.race([once(child, 'message'), ended]);
      return result;
    },
    close: () => void child.kill(),
  };
}
