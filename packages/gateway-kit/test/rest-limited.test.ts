import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { restRoute } from '../src/rest/rest.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';
import { limitsOf } from './limits/settings.ts';

const one = restRoute({
  name: 'one',
  title: 'One account',
  method: 'GET',
  path: '/one',
  access: 'signed-in',
  operation: '{ account(id: "1") { id } }',
  variables: () => ({}),
  success: { status: 200, description: 'It.', schema: z.unknown() },
  answer: (data) => ({ status: 200, body: data }),
});

let bank: Bank;
beforeAll(async () => {
  const budget = { principalPoints: 3, addressPoints: 3, criticalPoints: 3 };
  bank = await openBank({ routes: [one], limits: limitsOf({ budget }) });
});
afterAll(() => bank.close());

test('REST counts like the graph: beyond the points it is a 429 with a time', async () => {
  const authorization = `Bearer ${await bank.mint.token('c1')}`;
  const headers = { authorization, 'x-request-id': 'story-limit' };
  const seen: Response[] = [];
  while (seen.length < 10 && seen.at(-1)?.status !== 429) {
    seen.push(await fetch(`${bank.url}/one`, { headers }));
  }
  const last = seen.at(-1);
  expect(seen[0]?.status).toBe(200);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await last?.json()).toEqual({
    code: 'RATE_LIMITED',
    message: expect.any(String),
    requestId: 'story-limit',
  });
});
