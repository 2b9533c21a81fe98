import { readFile } from 'node:fs/promises';
import { type BankClient, waitFor } from '../bank/client.ts';
import { succeeded } from '../bank/customer.ts';

const list = new URL('../seed-data/sp500-constituents.csv', import.meta.url);
export const assetsPerCall = 100;

export type Company = {
  readonly symbol: string;
  readonly name: string;
  readonly sector: string;
  readonly subIndustry: string;
};

/** One line of CSV with quoted fields; a doubled quote inside quotes stands for one. */
function csvFields(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/** The companies of the list, in its order. */
export async function readCompanies(): Promise<Company[]> {
  const [, ...lines] = (await readFile(list, 'utf8')).trim().split(/\r?\n/);
  return lines.map((line) => {
    const [symbol = '', name = '', sector = '', subIndustry = ''] = csvFields(line);
    return { symbol, name, sector, subIndustry };
  });
}

const registerText = `mutation Register($input: RegisterAssetsInput!) {
  registerAssets(input: $input) { __typename ... on RegisterAssetsRefusal { code message } } }`;

/** Registers the list as staff, a hundred at a time; known companies stay as they are. */
export async function registerCompanies(staff: BankClient): Promise<void> {
  const companies = await readCompanies();
  for (let start = 0; start < companies.length; start += assetsPerCall) {
    const assets = companies.slice(start, start + assetsPerCall);
    const input = { assets, reason: 'demo bank' };
    type Answer = { readonly __typename: string };
    const answer = await staff.ask<{ registerAssets: Answer }>(registerText, { input });
    succeeded(answer.registerAssets, 'registering companies');
  }
}

/** The venue quotes in rounds; trades wait until the last company has its first price. */
export async function assetsArePriced(staff: BankClient): Promise<void> {
  const companies = await readCompanies();
  const last = companies.at(-1)?.symbol ?? '';
  await waitFor('the first price of every company', async () => {
    type Seen = { readonly asset: { readonly price: string | null } | null };
    const seen = await staff.ask<Seen>('query($id: ID!) { asset(id: $id) { price } }', {
      id: last,
    });
    return seen.asset?.price ?? null;
  });
}
