import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate, type Rank } from '../../src/limits/gate.ts';
import { LimitExceeded } from '../../src/limits/limit-exceeded.ts';

const roomy = { inFlightMax: 4, reserved: 2, waitingMax: 2, waitMsMax: 60_000, lagMsMax: 100 };

/** A gate whose visitors are told apart by name. */
function aGate(options: Partial<typeof roomy> = {}, lagMs = () => 0) {
  const gate = createGate({ ...roomy, ...options, lagMs });
  const inside = new Map<string, () => void>();
  const refused = new Map<string, LimitExceeded>();
  const comes = (name: string, rank: Rank) =>
    gate.enter(rank).then(
      (leave) => void inside.set(name, leave),
      (error: unknown) => {
        if (!(error instanceof LimitExceeded)) throw error;
        refused.set(name, error);
      },
    );
  const settle = () => pause(0);
  return {
    ...{ gate, comes, settle },
    inside: () => [...inside.keys()],
    refused: () => [...refused].map(([name, { strategy }]) => [name, strategy]).toSorted(),
    errors: refused,
    async leaves(name: string) {
      inside.get(name)?.();
      inside.delete(name);
      await settle();
    },
  };
}

test('no more work at once than the process can bear, and few wait', async () => {
  const { gate, comes, settle, inside, refused, errors } = aGate();
  for (let n = 0; n < 8; n += 1) void comes(`common ${n}`, 'common');
  await settle();
  expect(inside()).toEqual(['common 0', 'common 1', 'common 2', 'common 3']);
  expect([gate.inFlight(), gate.waiting()]).toEqual([4, 2]);
  expect(refused()).toEqual([
    ['common 6', 'pressure'],
    ['common 7', 'pressure'],
  ]);
  const told = errors.get('common 6');
  expect([told?.extensions, told?.retryAfterSeconds]).toEqual([{ code: 'OVERLOADED' }, 1]);
});

test('critical operations come in where all others wait, up to places of their own', async () => {
  const { comes, settle, inside } = aGate();
  for (let n = 0; n < 4; n += 1) void comes(`common ${n}`, 'common');
  for (let n = 0; n < 3; n += 1) void comes(`critical ${n}`, 'critical');
  await settle();
  expect(inside().slice(4)).toEqual(['critical 0', 'critical 1']);
});

test('whoever leaves makes room for the critical first, then the common, then others', async () => {
  const { comes, settle, inside, leaves } = aGate({ inFlightMax: 2, reserved: 0, waitingMax: 9 });
  void comes('first', 'common');
  void comes('second', 'common');
  for (const rank of ['infrequent', 'common', 'critical'] as const) void comes(rank, rank);
  await settle();
  const order: string[] = [];
  for (const name of ['first', 'second', 'critical', 'common']) {
    const before = new Set(inside());
    await leaves(name);
    order.push(...inside().filter((one) => !before.has(one)));
  }
  expect(order).toEqual(['critical', 'common', 'infrequent']);
});

test('callers who come seldom have half of the places and give way first', async () => {
  const { comes, settle, inside, refused } = aGate();
  for (let n = 0; n < 4; n += 1) void comes(`seldom ${n}`, 'infrequent');
  await settle();
  expect(inside()).toEqual(['seldom 0', 'seldom 1']);
  void comes('common 0', 'common');
  void comes('common 1', 'common');
  await settle();
  expect(inside()).toEqual(['seldom 0', 'seldom 1', 'common 0', 'common 1']);

  // Two seldom ones sit on the two chairs, until common ones need them.
  void comes('common 2', 'common');
  void comes('common 3', 'common');
  void comes('common 4', 'common');
  void comes('seldom 4', 'infrequent');
  await settle();
  expect(refused()).toEqual([
    ['common 4', 'pressure'],
    ['seldom 2', 'infrequent'],
    ['seldom 3', 'infrequent'],
    ['seldom 4', 'infrequent'],
  ]);
});

test('a process that is late takes a quarter, and lets nobody but critical ones wait', async () => {
  let lagMs = 500;
  const { comes, settle, inside, refused } = aGate({ inFlightMax: 8 }, () => lagMs);
  for (let n = 0; n < 4; n += 1) void comes(`common ${n}`, 'common');
  void comes('critical', 'critical');
  await settle();
  expect(inside()).toEqual(['common 0', 'common 1', 'critical']);
  expect(refused().map(([name]) => name)).toEqual(['common 2', 'common 3']);
  lagMs = 0;
  void comes('later', 'common');
  await settle();
  expect(inside()).toContain('later');
});

test('nobody waits longer than told, and who has gone frees no place twice', async () => {
  const { gate, comes, leaves, settle, refused } = aGate({ inFlightMax: 1, waitMsMax: 20 });
  await comes('first', 'common');
  await comes('second', 'common');
  expect(refused()).toEqual([['second', 'pressure']]);
  expect(gate.waiting()).toBe(0);
  const leave = await gate.enter('critical');
  leave();
  leave();
  await leaves('first');
  await settle();
  expect(gate.inFlight()).toBe(0);
});

test('ten thousand who come at once leave nothing behind', async () => {
  const { gate, comes, inside, refused, leaves } = aGate({ inFlightMax: 10, waitMsMax: 5 });
  const all = Array.from({ length: 10_000 }, (_, n) => comes(`common ${n}`, 'common'));
  await Promise.all(all);
  expect(inside().length + refused().length).toBe(10_000);
  expect(inside()).toHaveLength(10);
  for (const name of inside()) await leaves(name);
  expect([gate.inFlight(), gate.waiting()]).toEqual([0, 0]);
});
