import { expect, test } from 'vitest';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { newInvestor } from '../e2e/people.ts';
import { instancesOf, killOne, startOne } from '../support/fleet-client.ts';
import { answered } from './support/answered.ts';

/** OPS-10: how soon a new instance takes traffic and a dead one loses it. */
const withinMs = 5_000;
const watchedMs = 5_000;
const requestsMin = 20;

test.each([{ name: 'accounts' }, { name: 'web' }])(
  'a new $name takes traffic and a dead one loses it within 5 s, and nothing else restarts',
  async ({ name }) => {
    const bank = await joinFleet();
    const { door } = await newInvestor(bank.web, '100.00');
    const pidsOf = async () => (await instancesOf('web')).slice(0, 2).map(({ pid }) => pid);
    const before = await pidsOf();
    let nth = 0;
    const ask = () => door.ask(`query Join${name}${nth++} { accounts { id name } }`);

    const added = await startOne(name);
    const joinedAt = performance.now();
    const idle = await answered(added.operationsUrl);
    while ((await answered(added.operationsUrl)) === idle) {
      await ask();
      expect(performance.now() - joinedAt).toBeLessThan(withinMs);
    }
    const joinedMs = Math.round(performance.now() - joinedAt);

    await killOne(added);
    const diedAt = performance.now();
    let lastTroubleMs = 0;
    let sent = 0;
    while (performance.now() - diedAt < withinMs + watchedMs || sent < requestsMin) {
      const isWell = await fetch(door.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...door.headers },
        body: JSON.stringify({ query: `query Leave${name}${sent} { accounts { id name } }` }),
      }).then(async (answer) => answer.ok && !('errors' in (await answer.json())));
      if (!isWell) lastTroubleMs = performance.now() - diedAt;
      sent += 1;
    }
    console.log(
      `${name}: joined after ${joinedMs} ms; last trouble ${Math.round(lastTroubleMs)} ms after ` +
        `the death, ${sent} requests`,
    );
    expect(lastTroubleMs).toBeLessThan(withinMs);
    expect(await pidsOf()).toEqual(before);
    await bank.close();
  },
  600_000,
);
