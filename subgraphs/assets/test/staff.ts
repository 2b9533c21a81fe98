import { randomUUID } from 'node:crypto';
import { type Bench, viewerOf } from './bench.ts';

export const operator = viewerOf(randomUUID(), 'operations');
export const customer = viewerOf(randomUUID());

export const registerText = `mutation ($input: RegisterAssetsInput!) {
  registerAssets(input: $input) {
  __typename
  ... on RegisterAssetsSuccess { registered updated unchanged assets { id symbol state version } }
  ... on RegisterAssetsRefusal { code message } } }`;
const stateText = `mutation ($input: SetAssetStateInput!) { setAssetState(input: $input) {
  __typename
  ... on SetAssetStateSuccess { asset { symbol state version } }
  ... on SetAssetStateRefusal { code message } } }`;

export const company = (symbol: string, name = `${symbol} Inc.`) => ({
  symbol,
  name,
  sector: 'Energy',
});
/** Staff at work on one bench, and what it left behind. */
export const staffAt = (bench: Bench) => ({
  register: (...assets: readonly object[]) =>
    bench.ask(operator, registerText, { input: { assets, reason: 'demo' } }),
  setState: (assetId: string, state: string) =>
    bench.ask(operator, stateText, { input: { assetId, state, reason: 'news' } }),
  registerOnce: (idempotencyKey: string, ...assets: readonly object[]) =>
    bench.ask(operator, registerText, { input: { assets, reason: 'demo', idempotencyKey } }),
  setStateOnce: (idempotencyKey: string, assetId: string, state: string) =>
    bench.ask(operator, stateText, { input: { assetId, state, reason: 'news', idempotencyKey } }),
  async outbox() {
    const { rows } = await bench.sql.query('SELECT body FROM outbox_event ORDER BY position');
    return rows.map(({ body }) => JSON.parse(body));
  },
  async count(table: string) {
    return (await bench.sql.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;
  },
  // Assets and audit rows are kept for ever by triggers: a test starts by going around them.
  clear: () =>
    bench.sql.query(`SET session_replication_role = replica;
      DELETE FROM asset; DELETE FROM audit; DELETE FROM quote; DELETE FROM outbox_event;
      DELETE FROM inbox_event; DELETE FROM search_document; DELETE FROM search_word;
      DELETE FROM search_near; DELETE FROM candle; DELETE FROM price_close;
      DELETE FROM corporate_action; DELETE FROM idempotency_key;
      SET session_replication_role = origin`),
});
