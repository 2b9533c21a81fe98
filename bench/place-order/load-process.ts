import { setTimeout as pause } from 'node:timers/promises';
import { closeConnections, now, post } from '../load/post.ts';
import type { Lane } from '../load/requests.ts';

export type LoadPlan = {
  readonly webUrl: string;
  readonly lanes: readonly Lane[];
  readonly symbols: readonly string[];
  readonly seconds: number;
  /** Orders that fall due per second, spread evenly over the lanes; 0: each as soon as it can. */
  readonly rate: number;
  /** Keeps the keys of one run apart from those of another on the same bank. */
  readonly run: string;
};
export type Placed = {
  readonly orderId: string | null;
  readonly quantity: string;
  /** When it was to be sent, in milliseconds since the epoch, by the clock the bank has too. */
  readonly dueAt: number;
  /** Since it was due: an order that waits for the answer before it has waited, too. */
  readonly acceptedMs: number;
  /** Why there is no order; null when there is one. */
  readonly trouble: string | null;
};
export type LoadResult = {
  readonly placed: readonly Placed[];
  readonly startedAt: number;
  readonly stoppedAt: number;
  /** Processor time of the load itself, in milliseconds: it shares the cores with the bank. */
  readonly cpuMs: number;
};

const quantities = ['1', '2', '1', '3'];
/** Every fourth order sells. */
const sellEvery = 4;

const text = `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) {
  __typename
  ... on PlaceOrderSuccess { order { id status } }
  ... on PlaceOrderRefusal { code } } }`;

const wish = (plan: LoadPlan, lane: Lane, index: number) => {
  const sells = index % sellEvery === sellEvery - 1;
  const at = plan.lanes.indexOf(lane) * 31 + index * 7;
  return {
    accountId: lane.accountId,
    assetId: sells ? lane.ownedSymbol : (plan.symbols[at % plan.symbols.length] ?? ''),
    side: sells ? 'SELL' : 'BUY',
    type: 'MARKET',
    quantity: sells ? '1' : (quantities[index % quantities.length] ?? '1'),
    idempotencyKey: `${plan.run}-${index}`,
  };
};

type Answer = {
  readonly data?: {
    readonly placeOrder?: { readonly order?: { readonly id: string }; readonly code?: string };
  };
  readonly errors?: readonly { readonly message: string }[];
};

type Turn = { readonly lane: Lane; readonly index: number; readonly dueAt: number };

async function placeOne(plan: LoadPlan, { lane, index, dueAt }: Turn): Promise<Placed> {
  const input = wish(plan, lane, index);
  const { quantity } = input;
  const body = JSON.stringify({ query: text, variables: { input } });
  try {
    const answer: Answer = JSON.parse(await post(plan.webUrl, lane.authorization, body));
    const { order, code } = answer.data?.placeOrder ?? {};
    const trouble = order ? null : (code ?? answer.errors?.[0]?.message ?? 'no order');
    const acceptedMs = now() - dueAt;
    return { orderId: order?.id ?? null, quantity, dueAt, acceptedMs, trouble };
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    return { orderId: null, quantity, dueAt, acceptedMs: now() - dueAt, trouble };
  }
}

async function load(plan: LoadPlan): Promise<LoadResult> {
  const startedAt = now();
  const cpuBefore = process.cpuUsage();
  const placed = (
    await Promise.all(plan.lanes.map((_, nth) => placeAll(plan, { nth, startedAt })))
  ).flat();
  const { user, system } = process.cpuUsage(cpuBefore);
  closeConnections();
  return { placed, startedAt, stoppedAt: now(), cpuMs: (user + system) / 1_000 };
}

/** One after the other: a customer waits for the answer, and then makes up for what is late. */
async function placeAll(
  plan: LoadPlan,
  { nth, startedAt }: { readonly nth: number; readonly startedAt: number },
): Promise<readonly Placed[]> {
  const lane = plan.lanes[nth];
  if (!lane) return [];
  const endsAt = startedAt + plan.seconds * 1_000;
  const everyMs = plan.rate > 0 ? (plan.lanes.length * 1_000) / plan.rate : 0;
  const firstAt = startedAt + (everyMs * nth) / plan.lanes.length;
  const placed: Placed[] = [];
  for (let index = 0; ; index += 1) {
    const dueAt = plan.rate > 0 ? firstAt + everyMs * index : now();
    if (dueAt >= endsAt) return placed;
    // An order that is late is sent at once, and its time counts from when it was due.
    if (dueAt > now()) await pause(dueAt - now());
    placed.push(await placeOne(plan, { lane, index, dueAt }));
  }
}

// A process of its own, so that its work on answers delays none of the bank's.
process.once('message', (plan: LoadPlan) => {
  load(plan).then(
    (result) => process.send?.(result, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
