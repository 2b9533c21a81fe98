import { bankClient } from '../../tools/bank/client.ts';
import { assetsArePriced, registerCompanies } from '../../tools/seed/companies.ts';
import { registerStaff, signInStaff } from '../../tools/seed/staff.ts';
import { lanesOf } from '../load/lanes.ts';
import type { Lane } from '../load/requests.ts';
import { openPeople } from '../place-order/people.ts';
import type { RunningBank } from './bank.ts';

/** Lists the companies, waits for their prices and opens customers with money and shares. */
export async function openCrowd(bank: RunningBank, customers: number): Promise<readonly Lane[]> {
  const { urls, keys, webUrl } = bank;
  const door = (name: keyof typeof urls) => bankClient(`${urls[name]}/graphql`);
  await registerStaff(door('accounts'), keys.assertionPrivateKey);
  const staff = await signInStaff(door('federation'));
  await registerCompanies(staff);
  await assetsArePriced(staff);
  return lanesOf(await openPeople(webUrl, customers));
}
