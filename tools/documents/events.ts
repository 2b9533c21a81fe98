import * as accounts from '@simplebank/contracts/accounts';
import * as assets from '@simplebank/contracts/assets';
import type { EventContract } from '@simplebank/contracts/event';
import * as holdings from '@simplebank/contracts/holdings';
import * as market from '@simplebank/contracts/market';
import * as notifications from '@simplebank/contracts/notifications';
import * as orders from '@simplebank/contracts/orders';
import * as strategies from '@simplebank/contracts/strategies';
import { subscribersOf } from '@simplebank/contracts/subscriptions';
import { z } from 'zod';

const owners = { accounts, assets, holdings, market, notifications, orders, strategies };

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'name' in value && 'payload' in value;

export const catalogue = Object.entries(owners).flatMap(([owner, module]) =>
  Object.values(module)
    .filter(isContract)
    .map((contract) => ({ owner, contract })),
);

const schemaOf = ({ name, payload }: EventContract): string =>
  `${JSON.stringify({ title: name, ...z.toJSONSchema(payload, { io: 'input' }) }, null, 2)}\n`;

function row({ owner, contract }: (typeof catalogue)[number]): string {
  const listeners = subscribersOf(contract.name);
  const heard = listeners.length === 0 ? 'nobody yet' : listeners.join(', ');
  return `| [${contract.name}](${contract.name}.schema.json) | ${owner} | ${heard} |`;
}

/** Which owner speaks to which subscriber, as a diagram that GitHub draws. */
function diagram(): string[] {
  const edges = new Set(
    catalogue.flatMap(({ owner, contract }) =>
      subscribersOf(contract.name).map((subscriber) => `  ${owner} --> ${subscriber}`),
    ),
  );
  return ['```mermaid', 'flowchart LR', ...[...edges].sort(), '```'];
}

/** File name to text: one JSON Schema per event, and the catalogue with who listens. */
export function eventDocuments(): ReadonlyMap<string, string> {
  const files = new Map(
    catalogue.map(({ contract }) => [`${contract.name}.schema.json`, schemaOf(contract)]),
  );
  const page = [
    '# Events',
    '',
    'Made from `packages/contracts` by `npm run documents`; do not edit by hand.',
    'Every event travels in the envelope of `packages/contracts/src/event.ts`.',
    '',
    '| event | owner | listeners |',
    '|---|---|---|',
    ...catalogue.map(row),
    '',
    ...diagram(),
    '',
  ];
  return files.set('README.md', page.join('\n'));
}
