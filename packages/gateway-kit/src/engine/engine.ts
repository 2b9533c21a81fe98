import type { GraphQLSchema } from 'graphql';
import { declineTelemetry } from '../config.ts';
import type { CostWeights } from '../operations/cost-weights.ts';
import type { Run } from '../request/steps.ts';
import type { Rules } from '../rights/directives.ts';
import type { Graph, GraphOptions } from './graph.ts';
import { loadGraph } from './graph.ts';
import type { SourcesOptions } from './sources.ts';
import { createSources } from './sources.ts';
import { watchFile } from './supergraph-file.ts';

/** Longer than any request may last that began on the graph before. */
const retireAfterMs = 30_000;

export type EngineOptions = SourcesOptions &
  Omit<GraphOptions, 'sources'> & {
    /** The supergraph itself, or the file that holds it and whose changes are followed. */
    readonly supergraphSdl: string | URL;
  };
/** What of it a gateway chooses. */
export type EngineChoice = Pick<
  EngineOptions,
  | 'supergraphSdl'
  | 'showsPlans'
  | 'reporting'
  | 'sharesReads'
  | 'distinctEntities'
  | 'compilesPlans'
>;

export type Engine = {
  /** Runs an operation that has passed every check, on the graph it was checked against. */
  readonly run: Run;
  /** What callers see of the graph now. */
  readonly schema: GraphQLSchema;
  /** What the supergraph behind a schema requires of viewers. */
  readonly rulesOf: (schema: GraphQLSchema) => Rules;
  /** What that supergraph says of cost. */
  readonly weightsOf: (schema: GraphQLSchema) => CostWeights;
  /** Told of a graph before it is used; one that throws refuses it. */
  readonly onReload: (check: (schema: GraphQLSchema) => void) => void;
  stop(): Promise<void>;
};

/**
 * Plans and runs operations over the supergraph; asks no subgraph until an operation needs it.
 * Throws when the supergraph cannot be read or names a subgraph without an address.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  declineTelemetry();
  const sources = createSources(options);
  const graphs = new WeakMap<GraphQLSchema, Graph>();
  const retiring = createRetiring(options);
  const checks: ((schema: GraphQLSchema) => void)[] = [];

  async function load(text: string): Promise<Graph> {
    const graph = await loadGraph(text, { ...options, sources });
    graphs.set(graph.schema, graph);
    return graph;
  }
  async function reload(text: string): Promise<void> {
    const next = await load(text);
    await checkOrStop(next, checks);
    const before = current;
    current = next;
    retiring.add(before);
  }

  const { text, stop: unwatch } = await supergraphOf(options, reload);
  let current = await load(text);
  const graphOf = (schema: GraphQLSchema): Graph => graphs.get(schema) ?? current;
  return {
    run: (operation, asked, story) => graphOf(operation.schema).run(operation, asked, story),
    get schema() {
      return current.schema;
    },
    rulesOf: (schema) => graphOf(schema).rules,
    weightsOf: (schema) => graphOf(schema).weights,
    onReload: (check) => void checks.push(check),
    async stop() {
      unwatch();
      await Promise.all([current.stop(), retiring.stop()]);
      await sources.close();
    },
  };
}

async function checkOrStop(next: Graph, checks: readonly ((schema: GraphQLSchema) => void)[]) {
  try {
    for (const check of checks) check(next.schema);
  } catch (error) {
    await next.stop();
    throw error;
  }
}

/** Graphs that a reload has replaced: what runs on them comes to its end before they stop. */
function createRetiring({ log }: Pick<EngineOptions, 'log'>) {
  const timers = new Map<Graph, NodeJS.Timeout>();
  const retire = (graph: Graph) => {
    timers.delete(graph);
    graph.stop().catch((error: unknown) => log.warn({ error }, 'a graph did not stop'));
  };
  return {
    add: (graph: Graph) => void timers.set(graph, setTimeout(retire, retireAfterMs, graph).unref()),
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all([...timers.keys()].map((graph) => graph.stop()));
    },
  };
}

type Following = Pick<EngineOptions, 'supergraphSdl' | 'log'>;

async function supergraphOf(
  { supergraphSdl, log }: Following,
  onChange: (text: string) => Promise<void>,
) {
  if (supergraphSdl instanceof URL) return watchFile(supergraphSdl, { log, onChange });
  return { text: supergraphSdl, stop: () => undefined };
}
