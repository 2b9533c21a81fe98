import { createGuard } from '@simplebank/chassis/guard';
import type { Logger } from '@simplebank/chassis/logging';
import { recordOperation } from '@simplebank/chassis/metrics';
import { createOutbound } from '@simplebank/chassis/outbound';
import type { Part } from '@simplebank/chassis/process';
import type { Clock } from '@simplebank/kernel/clock';
import type { Simulator } from '@simplebank/venue/simulator';
import { callMsMax } from '../venues/guarded.ts';
import { Quotes } from '../venues/http-answers.ts';
import type { QuoteSource, SourceQuote } from './source.ts';

const name = 'second-quotes';
type Asking = QuoteSource['quotes'];
type Surroundings = { readonly clock: Clock; readonly log: Logger };
type Opened = { readonly source: QuoteSource; readonly parts: readonly Part[] };

/** A deadline of 5 s for each call and a circuit of its own: it fails apart from the first. */
export function guardedSource(ask: Asking, { clock, log }: Surroundings): QuoteSource {
  const timeoutMs = callMsMax;
  const guard = createGuard({ service: 'market', dependency: name, clock, log, timeoutMs });
  return {
    name,
    isReachable: guard.isPassable,
    async quotes(symbols) {
      const startedAt = performance.now();
      const tell = (outcome: 'ok' | 'error') => {
        const durationMs = performance.now() - startedAt;
        recordOperation({
          service: 'market',
          operation: 'read_second_quotes',
          outcome,
          durationMs,
        });
      };
      try {
        const answer = await guard.call(() => ask(symbols), { name: 'read_second_quotes' });
        tell('ok');
        return answer;
      } catch (error) {
        tell('error');
        throw error;
      }
    },
  };
}

/** A feed behind HTTP that answers as a venue answers `/v1/quotes`. */
export function httpQuotes(
  { url, key }: { readonly url: string; readonly key: string },
  surroundings: Surroundings,
): Opened {
  const outbound = createOutbound({ service: 'market', dependency: name, breaking: false });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const ask: Asking = async (symbols) => {
    const call = { url: new URL('/v1/quotes', url).href, method: 'POST', headers } as const;
    const { status, body } = await outbound.send({ ...call, body: JSON.stringify({ symbols }) });
    if (status !== 200) throw new Error(`${name}: /v1/quotes answered ${status}`);
    const { quotes } = Quotes.parse(JSON.parse(body));
    return new Map(quotes.map(({ symbol, ...quote }) => [symbol, sized(quote)]));
  };
  const part: Part = {
    name: 'second-quotes-client',
    start: async () => {},
    close: () => outbound.close(),
    ready: async () => true,
  };
  return { source: guardedSource(ask, surroundings), parts: [part] };
}

/** The tape of the simulated exchange: its prices, read past the door at which it takes orders. */
export const simulatedQuotes = (
  { tape }: Pick<Simulator, 'tape'>,
  surroundings: Surroundings,
): QuoteSource =>
  guardedSource(async (symbols) => {
    const quotes = [...(await tape(symbols))];
    return new Map(quotes.map(([symbol, quote]) => [symbol, sized(quote)]));
  }, surroundings);

type Unsized = Omit<SourceQuote, 'bidSize' | 'askSize'> & {
  readonly bidSize?: SourceQuote['bidSize'] | undefined;
  readonly askSize?: SourceQuote['askSize'] | undefined;
};

const sized = ({ bidSize = null, askSize = null, ...prices }: Unsized): SourceQuote => ({
  ...prices,
  bidSize,
  askSize,
});
