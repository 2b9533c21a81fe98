import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { expect, test } from 'vitest';
import { createKeptAnswers } from '../src/rest/kept-answers.ts';

test('who invents questions without end does not fill what the instances share', async () => {
  const log = createLogger({ service: 'test', destination: { write: () => undefined } });
  const shared = createMemoryShared({ log });
  const clock = createVirtualClock('2026-11-20T15:00:00.000Z');
  const { answerFor } = createKeptAnswers({ name: 'web', shared, clock, log });
  let asked = 0;
  const ask = async (n: number) => {
    const load = async () => {
      asked++;
      return { data: { n }, whole: true };
    };
    return (await answerFor({ operation: 'o', variables: { n } }, { load, freshMs: 300_000 })).data;
  };
  for (let n = 1; n <= 2_001; n++) await ask(n);
  expect([await ask(2_000), asked]).toEqual([{ n: 2_000 }, 2_001]);
  expect([await ask(2_001), asked]).toEqual([{ n: 2_001 }, 2_002]);
  clock.advance(86_400_000);
  await ask(2_001);
  expect([await ask(2_001), asked]).toEqual([{ n: 2_001 }, 2_003]);
  await shared.close();
});
