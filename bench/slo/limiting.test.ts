import { expect, test } from 'vitest';
import type { Watched } from '../banks/watch.ts';
import { limiting } from './limiting.ts';

const load = { samples: [], startedAt: 0, stoppedAt: 10_000, cpuMs: 1_000, cutShort: false };
const quiet: Watched = {
  load: { ...load, lagP99Ms: 1 },
  seconds: 10,
  cores: { web: 0.2, orders: 0.1, 'PostgreSQL: orders': 0.1 },
  loadCores: 0.1,
  machine: { busy: 0.6, waiting: 0.01 },
  loopLagMs: { web: 12 },
  sessions: { open: 10, working: 0.2, waiting: { IO: 0.3 } },
  backlog: 0,
  drainSeconds: 0,
};

test('the fullest part is named, whichever it is', () => {
  const saysOf = (of: Partial<Watched>) => limiting({ ...quiet, ...of }, 4);
  expect(saysOf({ cores: { ...quiet.cores, web: 0.97 } })).toContain('the one core of web: 97 %');
  expect(saysOf({ machine: { busy: 3.9, waiting: 0 } })).toContain('the machine’s cores: 98 %');
  expect(saysOf({ machine: { busy: 0.3, waiting: 3.7 } })).toContain('the disk: 93 %');
  expect(saysOf({ cores: { 'PostgreSQL: orders': 3.6 } })).toContain(
    'PostgreSQL’s processes: 90 %',
  );
  expect(saysOf({ loadCores: 0.99 })).toContain('the load generator: 99 %');
});

test('no part is blamed while all have room', () => {
  expect(limiting(quiet, 4)).toContain('no part was full');
});
