import { expect, test } from 'vitest';
import { bankClient } from '../../tools/bank/client.ts';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { newInvestor } from '../e2e/people.ts';
import { instancesOf } from '../support/fleet-client.ts';

const writes = 1_000;
const customers = 10;

const renameText = `mutation ($input: RenameAccountInput!) {
  renameAccount(input: $input) { __typename } }`;
const nameText = 'query ($id: ID!) { account(id: $id) { name } }';

test('1,000 writes are each in the next answer of another instance', async () => {
  const bank = await joinFleet();
  const urls = (await instancesOf('web')).slice(0, 2).map(({ url }) => `${url}/graphql`);
  let stale = 0;
  const live = async (nth: number) => {
    const { door, accountId } = await newInvestor(bank.web, '10.00');
    const doors = urls.map((url) => bankClient(url, door.headers));
    for (let round = 0; round < writes / customers; round += 1) {
      const [here = door, there = door] = round % 2 ? doors : doors.toReversed();
      const name = `Name ${nth} ${round}`;
      await here.ask(renameText, { input: { accountId, name } });
      type Seen = { readonly account: { readonly name: string } };
      const { account } = await there.ask<Seen>(nameText, { id: accountId });
      if (account.name !== name) stale += 1;
    }
  };
  await Promise.all(Array.from({ length: customers }, (_, nth) => live(nth)));
  console.log(`${writes} writes, ${stale} stale answers`);
  expect(stale).toBe(0);
  await bank.close();
}, 600_000);
