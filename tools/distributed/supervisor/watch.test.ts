import { expect, test } from 'vitest';
import type { Exit, Instance } from '../instance.ts';
import { watchInstance } from './watch.ts';

/** An instance that ends as told, one end after another, and then runs on. */
function endingInstance(ends: readonly Exit[]) {
  const left = [...ends];
  const state = { restarts: 0 };
  const next = (): Promise<Exit> => {
    const exit = left.shift();
    return exit ? Promise.resolve(exit) : new Promise(() => undefined);
  };
  let exited = next();
  const instance = {
    name: 'orders',
    get exited() {
      return exited;
    },
    restart: async () => {
      state.restarts += 1;
      exited = next();
    },
  } as unknown as Instance;
  return { instance, state };
}

test('a process that dies is started again, and one that cannot be configured is not', async () => {
  const { instance, state } = endingInstance([
    { code: null, signal: 'SIGKILL' },
    { code: 78, signal: null },
  ]);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await watchInstance(instance, { say, isStopping: () => false });
  expect(state.restarts).toBe(1);
  expect(said).toEqual([
    'orders ended on SIGKILL: it is started again in 0.5 s.',
    'orders is ready again.',
    'orders cannot use its configuration and is not started again; see its log.',
  ]);
});

test('the end of a process is no trouble while the bank stops', async () => {
  const { instance, state } = endingInstance([{ code: 0, signal: null }]);
  const said: string[] = [];
  await watchInstance(instance, { say: (line) => said.push(line), isStopping: () => true });
  expect([said, state.restarts]).toEqual([[], 0]);
});
