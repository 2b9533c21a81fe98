import { recordLiveDrop } from '@simplebank/chassis/metrics';
import { type Caller, isUnauthenticated } from './asking.ts';
import type { Told } from './stream.ts';

export type Stream = AsyncGenerator<Told> & {
  /** Ends it, in the middle of a wait too. */
  readonly end: () => void;
};

type Guard = {
  readonly caller: Caller;
  readonly control: AbortController;
  readonly everyMs: number;
  readonly service: string;
};

/** A stream that ends when it is told to, or with a reason when its caller is nobody any more. */
export function guarded(told: AsyncGenerator<Told>, guard: Guard, onEnd: () => void): Stream {
  const { caller, control, everyMs, service } = guard;
  let reason: unknown = null;
  const check = watch(caller, everyMs, (error) => {
    if (reason === null) recordLiveDrop({ service, reason: 'nobody' });
    reason = error;
    control.abort();
  });
  let ended = false;
  const end = () => {
    clearInterval(check);
    control.abort();
    if (!ended) onEnd();
    ended = true;
  };
  const stream: Stream = {
    async next() {
      const result = await told.next().catch((error: unknown) => {
        end();
        throw error;
      });
      if (!result.done) return result;
      end();
      if (reason !== null) throw reason;
      return result;
    },
    async return(value) {
      end();
      return told.return(value);
    },
    async throw(error) {
      end();
      return told.throw(error);
    },
    end: () => control.abort(),
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

/** Calls back once the caller is nobody any more; what passes by itself the reads tell. */
const watch = ({ identify }: Caller, everyMs: number, tell: (reason: unknown) => void) =>
  setInterval(() => {
    identify().catch((error: unknown) => {
      if (isUnauthenticated(error)) tell(error);
    });
  }, everyMs);
