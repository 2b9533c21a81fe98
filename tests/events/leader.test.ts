import type { SqlRunner } from '@simplebank/chassis/database';
import { transactor } from '@simplebank/chassis/database';
import { asLeader } from '@simplebank/chassis/leader';
import { expect, test } from 'vitest';
import { useScene } from './support/scene.ts';
import { until } from './support/until.ts';

const scene = useScene();

test('of three instances at one job one works, and the next may once it is done', async () => {
  const { database } = scene();
  const instances = [1, 2, 3].map(() =>
    transactor<SqlRunner>(database.connect(2), { onCommit: () => {} }),
  );
  let working = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = async () => {
    working += 1;
    await held;
  };
  let ended = 0;
  const runs = instances.map((transact) =>
    asLeader(transact, 'settle', work).then(() => {
      ended += 1;
    }),
  );
  await until('the other two went away', () => ended === 2);
  expect(working).toBe(1);
  release();
  await Promise.all(runs);

  for (const transact of instances) await asLeader(transact, 'settle', work);
  expect(working).toBe(4);
});

test('different jobs do not wait for each other', async () => {
  const { database } = scene();
  const transact = transactor<SqlRunner>(database.connect(4), { onCommit: () => {} });
  const done: string[] = [];
  await asLeader(transact, 'outer', async () => {
    await asLeader(transact, 'inner', async () => void done.push('inner'));
    done.push('outer');
  });
  expect(done).toEqual(['inner', 'outer']);
});
