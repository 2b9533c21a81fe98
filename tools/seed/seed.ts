import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bankClient } from '../bank/client.ts';
import type { Keys } from '../embedded/keys.ts';
import type { Progress } from '../embedded/progress.ts';
import { demoMarker } from '../history/half-past.ts';
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
  const openStaff = async () => {
    await registerStaff(door('accounts'), keys.assertionPrivateKey);
    const signedIn = await signInStaff(door('federation'));
    await registerCompanies(signedIn);
    return signedIn;
  };
  // Neither needs the other: the bank prices companies while customers wait for their money.
  const [staff, customers] = await progress.step(
    'demo bank: staff, 503 companies, customers, accounts, deposits',
    () => Promise.all([openStaff(), openCustomers(door('web'), people)]),
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

/** Loads what a first start could not write as its past: a bank that was used before, say. */
export async function loadDemoOnce(dataDir: string, seeding: Seeding): Promise<void> {
  const marker = join(dataDir, demoMarker);
  if (existsSync(marker)) return;
  await loadDemo(seeding);
  await writeFile(marker, new Date().toISOString());
}
