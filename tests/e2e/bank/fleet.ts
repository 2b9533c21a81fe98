import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from '@simplebank/chassis/logging';
import { openShared } from '@simplebank/chassis/shared';
import { inject } from 'vitest';
import { fleetCommand } from '../../support/fleet-client.ts';
import type { LogLine, WholeBank } from '../whole-bank.ts';
import { openDoors } from './doors.ts';

const quietMs = 100;
const settleMsMax = 2_000;

/** Collects the lines from a certain one on; each is asked for once. */
function lineReader() {
  const lines: LogLine[] = [];
  let from: number | null = null;
  const read = async (): Promise<number> => {
    type More = { readonly next: number; readonly lines: readonly LogLine[] };
    const more: More = await fleetCommand(`/lines?from=${from ?? 'now'}`);
    lines.push(...more.lines);
    from = more.next;
    return more.lines.length;
  };
  return {
    begin: read,
    /** Until nothing more comes: what a process wrote takes a moment through its pipe. */
    all: async (): Promise<readonly LogLine[]> => {
      const giveUpAt = performance.now() + settleMsMax;
      do await pause(quietMs);
      while ((await read()) > 0 && performance.now() < giveUpAt);
      return lines;
    },
  };
}

/** The bank that `npm run test:distributed` runs, for one file of tests. */
export async function joinFleet(): Promise<WholeBank> {
  const { urls, env, keys, databases } = inject('fleet');
  const reader = lineReader();
  await reader.begin();
  const log = createLogger({ service: 'test', destination: { write: () => undefined } });
  const shared = await openShared({
    ...{ redisUrl: env['REDIS_URL'], prefix: env['REDIS_PREFIX'], log },
  });
  const stopped: string[] = [];
  return {
    ...(await openDoors({ urls }, keys)),
    ...{ urls: { ...urls, mail: urls['mail-catcher'] ?? '' }, env, databases, shared },
    lines: reader.all,
    stop: async (name) => {
      stopped.push(name);
      await fleetCommand(`/stop?name=${name}`);
    },
    // The next file finds everything running.
    close: async () => {
      for (const name of stopped) await fleetCommand(`/restart?name=${name}`);
      await shared.close();
    },
  };
}
