import { expect, test } from 'vitest';
import { type Running, statusOf } from './run.ts';
import type { Target } from './targets.ts';

/** Bounds for a busy machine; on a quiet one it takes two seconds. */
const lossMs = 20_000;
const recoveryMs = 30_000;

export type Get = () => Running;

const readiness = async ({ operationsUrl }: Running) =>
  (await fetch(`${operationsUrl}/health/ready`)).json() as Promise<{ status: string }>;
export const ready = ({ operationsUrl }: Running) => statusOf(`${operationsUrl}/health/ready`);
export const live = ({ operationsUrl }: Running) => statusOf(`${operationsUrl}/health/live`);
export function bearsLossOfDatabase({ name }: Target, running: Get): void {
  test.each(['cut', 'hang'] as const)(
    'without its database (%s) it is live and not ready, and ready again with it',
    async (loss) => {
      const { database } = running();
      database?.[loss]();
      try {
        await expect.poll(() => ready(running()), { timeout: lossMs, interval: 200 }).toBe(503);
        expect(await live(running())).toBe(200);
        expect(await downIn(running())).toContain(`${name}-database`);
      } finally {
        database?.restore();
      }
      await expect.poll(() => ready(running()), { timeout: recoveryMs, interval: 200 }).toBe(200);
    },
  );
}

async function downIn({ operationsUrl }: Running): Promise<readonly string[]> {
  const { dependencies } = await (await fetch(`${operationsUrl}/health/dependencies`)).json();
  return dependencies.flatMap(({ name, status }: Record<string, string>) =>
    status === 'down' ? [name] : [],
  );
}

export function bearsLossOfRedis({ hasDoor }: Target, running: Get): void {
  const without = hasDoor ? 'degraded' : 'not ready';
  test.each(['cut', 'hang'] as const)(
    `without its queues (%s) it is live and ${without}, and ready again with them`,
    async (loss) => {
      const { redis } = running();
      const status = async () => (await readiness(running())).status;
      redis?.[loss]();
      try {
        await expect.poll(status, { timeout: lossMs, interval: 200 }).toBe(without);
        expect(await live(running())).toBe(200);
        expect(await downIn(running())).toContain('queues');
      } finally {
        redis?.restore();
      }
      await expect.poll(status, { timeout: recoveryMs, interval: 200 }).toBe('ready');
    },
  );
}
