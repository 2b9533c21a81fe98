import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bankClient } from '../bank/client.ts';
import type { Keys } from '../embedded/keys.ts';
import type { Progress } from '../embedded/progress.ts';
import { assetsArePriced, registerCompanies } from './companies.ts';
import { openCustomers, trade } from './customers.ts';
import { people } from './people.ts';
import { registerStaff, signInStaff } from './staff.ts';
import { createStrategies, investments } from './strategies.ts';
import { trades } from './trades.ts';

type Seeding = {
  readonly urls: Readonly<Record<string, string>>;
  readonly keys: Pick<Keys, 'assertionPrivateKey'>;
  readonly progress: Progress;
};

/**
 * Loads the demo bank through the bank's own doors. Every step has a key, so that loading again
 * adds nothing and one that was cut off goes on where it stopped.
 */
export async function loadDemo({ urls, keys, progress }: Seeding): Promise<void> {
  const door = (name: string) => bankClient(`${urls[name]}/graphql`);
  const staff = await progress.step('demo bank: staff and 503 companies', async () => {
    await registerStaff(door('accounts'), keys.assertionPrivateKey);
    const signedIn = await signInStaff(door('federation'));
    await registerCompanies(signedIn);
    return signedIn;
  });
  const customers = await progress.step('demo bank: customers, accounts, deposits', () =>
    openCustomers(door('web'), people),
  );
  await progress.step('demo bank: first prices', () => assetsArePriced(staff));
  await progress.step('demo bank: strategies and some history', async () => {
    const strategyIds = await createStrategies(staff);
    await Promise.all([
      ...customers.map((customer) => trade(customer, trades)),
      investments(customers, strategyIds),
    ]);
  });
}

/** Loads the demo bank at the first start; the marker says that all of it is there. */
export async function loadDemoOnce(dataDir: string, seeding: Seeding): Promise<void> {
  const marker = join(dataDir, 'demo-loaded');
  if (existsSync(marker)) return;
  await loadDemo(seeding);
  await writeFile(marker, new Date().toISOString());
}
