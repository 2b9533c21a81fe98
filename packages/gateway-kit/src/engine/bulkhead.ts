import { OutboundError } from '@simplebank/chassis/outbound';

/** OPS-60: calls to one subgraph at once, and calls that wait for their turn. */
export const callsMax = 50;
const waitingMax = 100;
/** Changes that may wait on top: what a customer orders does not stand behind what others read. */
const changesWaitingMax = 64;
/** Silent for less than this, a subgraph has a queue that moves, and is not hanging. */
const silentMsMax = 250;

type Turn = { readonly isChange: boolean; readonly waitMs: number };
type Waiting = { readonly begin: () => void; readonly isChange: boolean };

export type Bulkhead = {
  /**
   * Resolves when the call may begin; then `leave` must be called once. Throws OutboundError
   * BULKHEAD_FULL at once when too many wait, DEADLINE_EXCEEDED when the turn does not come in
   * time.
   */
  readonly enter: (turn: Turn) => Promise<void>;
  readonly leave: (how: { readonly answered: boolean }) => void;
  readonly held: () => { readonly inFlight: number; readonly waiting: number };
};

/**
 * Keeps what one subgraph can cost a gateway within bounds. While it answers, the queue moves and
 * is bounded by the gate of the gateway; once nothing is answered any more, only so many may wait.
 */
export function createBulkhead(dependency: string, now = () => performance.now()): Bulkhead {
  const queue: Waiting[] = [];
  const tooLate = () => new OutboundError('DEADLINE_EXCEEDED', dependency);
  let running = 0;
  let silentSinceMs = now();

  function isFull({ isChange }: Turn): boolean {
    const ownMax = waitingMax + (isChange ? changesWaitingMax : 0);
    return queue.length >= ownMax && now() - silentSinceMs >= silentMsMax;
  }

  return {
    held: () => ({ inFlight: running, waiting: queue.length }),
    async enter(turn) {
      if (running === 0) silentSinceMs = now();
      if (running < callsMax) running += 1;
      else if (isFull(turn)) throw new OutboundError('BULKHEAD_FULL', dependency);
      else await waitIn(queue, turn, tooLate);
    },
    leave({ answered }) {
      if (answered) silentSinceMs = now();
      const next = queue.shift();
      if (next) next.begin();
      else running -= 1;
    },
  };
}

/** Changes stand before all that reads. Rejects with `tooLate` when the turn does not come. */
function waitIn(queue: Waiting[], { isChange, waitMs }: Turn, tooLate: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      queue.splice(queue.indexOf(waiting), 1);
      reject(tooLate());
    }, waitMs);
    const begin = () => {
      clearTimeout(timer);
      resolve();
    };
    const waiting: Waiting = { begin, isChange };
    const firstRead = isChange ? queue.findIndex((other) => !other.isChange) : -1;
    queue.splice(firstRead === -1 ? queue.length : firstRead, 0, waiting);
  });
}
