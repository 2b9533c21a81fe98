import { expect, test } from 'vitest';
import { gathering } from './gather.ts';

/** A run that ends when the test says so. */
function heldRuns() {
  const begun: { readonly batch: readonly number[]; end(): void }[] = [];
  const run = (batch: readonly number[]) =>
    new Promise<readonly string[]>((resolve) => {
      begun.push({ batch, end: () => resolve(batch.map(String)) });
    });
  return { begun, run };
}
const bounds = { batchMax: 3, waitingMax: 10 };
/** As many turns as a chain of settled promises needs. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a call runs at once while nothing else does, and one more beside it', () => {
  const { begun, run } = heldRuns();
  const ask = gathering(run, bounds);
  void ask(1);
  void ask(2);
  void ask(3);
  expect(begun.map(({ batch }) => batch)).toEqual([[1], [2]]);
});

test('what comes while others run goes together in the next run, in order, in bounds', async () => {
  const { begun, run } = heldRuns();
  const ask = gathering(run, bounds);
  const answers = [1, 2, 3, 4, 5, 6].map((one) => ask(one));
  begun[0]?.end();
  await turn();
  begun[1]?.end();
  await turn();
  expect(begun.map(({ batch }) => batch)).toEqual([[1], [2], [3, 4, 5], [6]]);
  begun[2]?.end();
  begun[3]?.end();
  expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('one that fails does not make its companions fail', async () => {
  const batches: (readonly number[])[] = [];
  const ask = gathering(async (batch: readonly number[]) => {
    batches.push(batch);
    await turn();
    if (batch.includes(4)) throw new Error('four');
    return batch.map(String);
  }, bounds);
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((one) => ask(one)));
  expect(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed')),
  ).toEqual(['1', '2', '3', 'failed', '5']);
  expect(batches).toContainEqual([3, 4, 5]);
});

test('a run that answers too few fails all of its calls, and later ones go on', async () => {
  let isShort = true;
  const ask = gathering(
    async (batch: readonly number[]) => (isShort ? [] : batch.map(String)),
    bounds,
  );
  await expect(ask(1)).rejects.toThrow('must answer each');
  isShort = false;
  expect(await ask(2)).toBe('2');
});

test('no more wait than the bound allows', async () => {
  const { run } = heldRuns();
  const ask = gathering(run, { batchMax: 3, waitingMax: 1 });
  void ask(1);
  void ask(2);
  void ask(3);
  await expect(ask(4)).rejects.toThrow('1 wait already');
});
