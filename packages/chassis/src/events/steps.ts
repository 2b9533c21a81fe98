import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { GraphQLSchema } from 'graphql';
import type { RequestStory } from '../door/request.ts';
import type { Logger } from '../process/logging.ts';
import type { Handler, LockFirst } from './consumer.ts';
import { type Consumer, createConsumer } from './consumer-running.ts';
import type { SqlRunner, Transact } from './database.ts';
import type { Relay } from './relay.ts';
import type { Job } from './worker.ts';

/** The graph of a context without its HTTP door. */
export type Graph = {
  readonly schema: GraphQLSchema;
  readonly contextFor: (story: RequestStory) => object;
};

/**
 * All that a context decides, without door, queue and loop: nothing happens until somebody asks for
 * it, one step at a time. For whoever has to say what happens when, as a simulation does.
 */
export type Steps = Consumer & {
  readonly relay: Relay;
  readonly jobs: readonly Job[];
  /** Null for a context that answers no requests. */
  readonly graph: Graph | null;
  readonly close: () => Promise<void>;
};

export type StepsOptions<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  readonly handlers: readonly Handler<Tx>[];
  /** As the worker's, so that a simulation runs what the bank runs. */
  readonly lockFirst?: LockFirst<Tx>;
  readonly deps: {
    readonly db: { $disconnect(): Promise<void> };
    readonly transact: Transact<Tx>;
    readonly relay: Relay;
    readonly log: Logger;
  };
  readonly jobs?: readonly Job[];
  readonly graph?: Graph;
};

export function createSteps<Tx extends SqlRunner>(options: StepsOptions<Tx>): Steps {
  const { subscriber, handlers, lockFirst, deps, jobs = [], graph = null } = options;
  const { transact, log } = deps;
  return {
    ...createConsumer({ subscriber, handlers, lockFirst, transact, log }),
    relay: deps.relay,
    jobs,
    graph,
    close: () => deps.db.$disconnect(),
  };
}
