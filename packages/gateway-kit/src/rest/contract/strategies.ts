import { z } from 'zod';
import { notFound, refused, restRoute } from '../rest.ts';
import {
  amountText,
  assetText,
  idempotencyKey,
  idShown,
  idText,
  instantShown,
  shownId,
  uuidShown,
} from '../rest-fields.ts';

const assetsMax = 100;
const nameCharsMax = 100;

type Strategy = {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly assets: readonly { readonly assetId: string; readonly percentage: string }[];
  readonly createdById: string;
  readonly createdAt: string;
};
type Refusal = { readonly code: string; readonly message: string };
type Created = { readonly createStrategy: { readonly strategy: Strategy } | Refusal };

const strategyFields = 'id number name assets { assetId percentage } createdById createdAt';

const strategyShown = z.object({
  id: idShown,
  name: z.string(),
  assets: z.array(
    z.object({
      assetId: z
        .string()
        .describe('A UUID, or CASH; in a 201 as it was sent, which may be a symbol.'),
      percentage: z.number().positive().max(100).describe('With two decimals.'),
    }),
  ),
  createdById: uuidShown.describe('A UUID, although customers have numbers.'),
  createdAt: instantShown,
});

const shown = ({ id, number, name, assets, createdById, createdAt }: Strategy) => ({
  id: shownId(number, id),
  name,
  assets: assets.map(({ assetId, percentage }) => ({ assetId, percentage: Number(percentage) })),
  createdById,
  createdAt,
});

const strategyBody = z.object({
  name: z.string().min(1).max(nameCharsMax),
  assets: z
    .array(z.object({ assetId: assetText, percentage: amountText }))
    .min(1)
    .max(assetsMax)
    .describe('The percentages sum to 100.00; CASH is the part that stays on the account.'),
});

/** POST /strategies: for operations, who alone make strategies. */
export const createStrategy = restRoute({
  name: 'createStrategy',
  title: 'Make a strategy',
  method: 'POST',
  path: '/strategies',
  access: ['operations'],
  body: strategyBody,
  key: idempotencyKey.optional(),
  operation: `
    mutation RestCreateStrategy($input: CreateStrategyInput!) {
      createStrategy(input: $input) {
        ... on CreateStrategySuccess { strategy { ${strategyFields} } }
        ... on CreateStrategyRefusal { code message }
      }
    }
  `,
  variables: ({ name, assets, idempotencyKey: key }) => ({
    input: { name, assets, ...(key === undefined ? {} : { idempotencyKey: key }) },
  }),
  success: { status: 201, description: 'What was sent, with its id.', schema: strategyShown },
  errors: [409, 422],
  answer: ({ createStrategy: created }: Created, { input }) => {
    if (!('strategy' in created)) return refused(created);
    const body = shown(created.strategy);
    const assets = input.assets.map(({ assetId, percentage }) => ({
      assetId,
      percentage: Number(percentage),
    }));
    return { status: 201, location: `/strategies/${body.id}`, body: { ...body, assets } };
  },
});

/** GET /strategies/{id}: its current version. */
export const getStrategy = restRoute({
  name: 'getStrategy',
  title: 'A strategy',
  method: 'GET',
  path: '/strategies/{id}',
  access: 'signed-in',
  pathParameters: z.object({ id: idText }),
  operation: `
    query RestStrategy($id: ID!) { strategy(id: $id) { ${strategyFields} } }
  `,
  variables: ({ id }) => ({ id }),
  success: { status: 200, description: 'Its current version.', schema: strategyShown },
  errors: [404],
  answer: ({ strategy }: { readonly strategy: Strategy | null }) => {
    if (!strategy) throw notFound('strategy', 'id');
    return { status: 200, body: shown(strategy) };
  },
});
