import { PublicError } from '@simplebank/chassis/errors';
import type { Route, RouteAnswer } from '@simplebank/chassis/json-door';
import type { z } from 'zod';
import type { Config } from '../config.ts';
import { VenueFault } from '../misbehaving.ts';
import type { Control, Simulator } from '../simulator.ts';
import { createWaiting } from './waiting.ts';
import {
  FaultsBody,
  HaltBody,
  IdsBody,
  PlaceBody,
  QuotesBody,
  ReplaceBody,
  ReportsBody,
} from './wire.ts';

type Keys = Pick<Config, 'VENUE_KEY' | 'VENUE_CONTROL_KEY'>;

/** What participants may ask, and what testers may switch when there is a key for it. */
export function routesOf({ desk, control, onTrade }: Simulator, keys: Keys): readonly Route[] {
  const { VENUE_KEY: key, VENUE_CONTROL_KEY: controlKey } = keys;
  const waiting = createWaiting(desk.reports);
  onTrade(waiting.wake);
  const routes: Route[] = [
    {
      key,
      path: '/v1/place',
      answer: asked(PlaceBody, ({ orders }) => answers(desk.place(orders))),
    },
    {
      key,
      path: '/v1/find',
      answer: asked(IdsBody, ({ clientIds }) => answers(desk.find(clientIds))),
    },
    {
      ...{ key, path: '/v1/cancel' },
      answer: asked(IdsBody, ({ clientIds }) => answers(desk.cancel(clientIds))),
    },
    {
      ...{ key, path: '/v1/replace' },
      answer: asked(ReplaceBody, ({ orders }) => answers(desk.replace(orders))),
    },
    { key, path: '/v1/reports', answer: asked(ReportsBody, waiting.read) },
    {
      ...{ key, path: '/v1/quotes' },
      answer: asked(QuotesBody, async ({ symbols }) => {
        const quotes = await desk.quotes(symbols);
        return { quotes: [...quotes].map(([symbol, quote]) => ({ symbol, ...quote })) };
      }),
    },
  ];
  return controlKey === undefined ? routes : [...routes, ...controlRoutes(control, controlKey)];
}

const controlRoutes = (control: Control, key: string): readonly Route[] => [
  {
    key,
    path: '/control/faults',
    answer: asked(FaultsBody, async (body) => control.setFaults(body)),
  },
  {
    ...{ key, path: '/control/halts' },
    answer: asked(HaltBody, async ({ symbol, halted }) => ({
      halted: await control.halt(symbol, halted),
    })),
  },
];

const answers = async <T>(pending: Promise<readonly T[]>) => ({ answers: await pending });

/** Reads the body, answers, and lets a mishap show as it would on a real network. */
const asked =
  <S extends z.ZodType>(shape: S, work: (body: z.infer<S>) => Promise<unknown>) =>
  async (body: unknown): Promise<RouteAnswer> => {
    const read = shape.safeParse(body);
    if (!read.success) throw badInput(read.error);
    try {
      return { status: 200, body: await work(read.data) };
    } catch (error) {
      if (!(error instanceof VenueFault)) throw error;
      return error.kind === 'CUT' ? 'CUT' : { status: 503, body: { error: error.message } };
    }
  };

function badInput({ issues: [first] }: z.ZodError): PublicError {
  const field = first?.path.join('.') ?? '';
  return new PublicError('BAD_INPUT', first?.message ?? 'The body is not understood.', { field });
}
