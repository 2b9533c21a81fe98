import { recordStuck } from '@simplebank/chassis/process-metrics';
import { readStuck } from '../data/stuck.ts';
import type { Deps } from '../deps.ts';

const kinds = ['investment', 'plan', 'rebalancing'] as const;

/** Alerts while a process is past its deadline that its own job has not ended. */
export async function reportStuck({ db, clock, log }: Deps): Promise<void> {
  const found = await readStuck(db, clock.now());
  for (const process of kinds) {
    const count = found.filter((one) => one.process === process).length;
    recordStuck({ service: 'strategies', process }, count);
  }
  if (found.length === 0) return;
  const fields = { alert: 'StuckProcess', error_code: 'STUCK_PROCESSES', stuck: found.length };
  log.error(fields, 'investments, plans or rebalancings are past their deadline');
}
