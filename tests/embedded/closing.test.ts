import { expect, test } from 'vitest';
import { closingStack } from '../../tools/embedded/closing.ts';

test('what cannot be closed keeps nothing else open, and is told in the end', async () => {
  const closed: string[] = [];
  const closing = closingStack();
  closing.push(async () => void closed.push('database'));
  closing.push(() => Promise.reject(new Error('the queues hang')));
  closing.push(async () => void closed.push('bank'));
  await expect(closing.close()).rejects.toThrow('the queues hang');
  expect(closed).toEqual(['bank', 'database']);
});

test('what is still opening when the end comes is waited for, and closed', async () => {
  const closed: string[] = [];
  const closing = closingStack();
  let resolve = (_: string): void => undefined;
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const opened = closing.opening(promise, async (name) => void closed.push(name));
  const end = closing.close();
  expect(closed).toEqual([]);
  resolve('database');
  await end;
  expect(await opened).toBe('database');
  expect(closed).toEqual(['database']);
});
