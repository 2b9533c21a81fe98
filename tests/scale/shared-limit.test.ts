import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { signIn, signUp } from '../../tools/bank/customer.ts';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { startOne, stopOne } from '../support/fleet-client.ts';

const points = 10;

test('a limit of ten is ten for two gateways: the eleventh is refused by either', async () => {
  const bank = await joinFleet();
  const credentials = { email: `${randomUUID()}@example.com`, password: 'a-long-enough-secret' };
  await signUp(bank.web, { ...credentials, name: 'Lee Limited' });
  // Whoever signs in is a stranger still: of the customer's own points none is taken yet.
  const door = await signIn(bank.web, credentials);
  const env = { LIMIT_PRINCIPAL_POINTS: String(points) };
  const instances = [await startOne('web', env), await startOne('web', env)];
  try {
    const statuses: number[] = [];
    for (let nth = 0; nth <= points; nth += 1) {
      const { url } = instances[nth % 2] ?? {};
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...door.headers },
        body: '{"query":"{ __typename }"}',
      });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array(points).fill(200), 429]);
  } finally {
    for (const instance of instances) await stopOne(instance);
    await bank.close();
  }
}, 600_000);
