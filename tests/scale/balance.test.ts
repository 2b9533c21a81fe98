import { expect, test } from 'vitest';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { newInvestor } from '../e2e/people.ts';
import { instancesOf } from '../support/fleet-client.ts';
import { answered } from './support/answered.ts';

const requests = 1_000;
const lanes = 20;

const countsOf = async (name: string): Promise<number[]> => {
  const instances = await instancesOf(name);
  return Promise.all(instances.slice(0, 2).map(({ operationsUrl }) => answered(operationsUrl)));
};

test('of 1,000 requests each of two gateways and of two subgraphs gets 40 to 60 %', async () => {
  const bank = await joinFleet();
  const { door } = await newInvestor(bank.web, '100.00');
  const before = { web: await countsOf('web'), accounts: await countsOf('accounts') };
  let sent = 0;
  const lane = async () => {
    // Under a name of its own each time, so that no answer is one that was kept.
    while (sent < requests) await door.ask(`query Balance${sent++} { accounts { id name } }`);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const name of ['web', 'accounts'] as const) {
    const after = await countsOf(name);
    const grown = after.map((count, at) => count - (before[name][at] ?? 0));
    const all = grown.reduce((sum, count) => sum + count, 0);
    const shares = grown.map((count) => Math.round((count / all) * 100));
    console.log(`${name}: ${grown.join(' and ')} of ${all}`);
    expect([name, all >= requests, shares.every((share) => share >= 40 && share <= 60)]).toEqual([
      ...[name, true, true],
    ]);
  }
  await bank.close();
}, 300_000);
