import type { Dispatcher, Pool } from 'undici';

export type Wired = {
  readonly status: number;
  readonly cacheControl: string | undefined;
  readonly text: string;
};
type Posting = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
};

/** There was no whole answer in the time that the call was given. */
export class CallTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/**
 * One POST to a graph. It speaks to the pool directly: streams and abort signals would cost as
 * much processor time as the call itself. Throws CallTimeout, or whatever broke the connection.
 */
export function post(pool: Pool, { headers, body, timeoutMs }: Posting): Promise<Wired> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange({ resolve, reject });
    const late = () => exchange.giveUp(new CallTimeout(timeoutMs));
    exchange.timer = setTimeout(() => afterReading(late), timeoutMs);
    pool.dispatch({ path: '/graphql', method: 'POST', headers, body }, exchange);
  });
}

/** An answer that has come while this process was busy is read before the time is called up. */
const afterReading = (then: () => void) => void setImmediate(() => setImmediate(then));

type Outcome = {
  readonly resolve: (answer: Wired) => void;
  readonly reject: (error: Error) => void;
};

class Exchange implements Dispatcher.DispatchHandler {
  timer: NodeJS.Timeout | undefined;
  readonly #outcome: Outcome;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #givenUp: Error | null = null;
  #ended = false;
  #status = 0;
  #cacheControl: string | undefined;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  /** What still waits for its turn in the pool is stopped when the turn comes. */
  giveUp(reason: Error): void {
    if (this.#ended) return;
    this.#givenUp = reason;
    this.#outcome.reject(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#givenUp) controller.abort(this.#givenUp);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    const given = headers['cache-control'];
    this.#cacheControl = Array.isArray(given) ? given.join(', ') : given;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    const [first] = this.#chunks;
    const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const text = bytes.toString('utf8');
    this.#outcome.resolve({ status: this.#status, cacheControl: this.#cacheControl, text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#outcome.reject(error);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.timer);
  }
}
