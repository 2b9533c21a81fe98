import { ApolloGateway, type GatewayConfig } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import { type CostWeights, costWeightsIn } from '../operations/cost-weights.ts';
import { knownTexts } from '../operations/known-texts.ts';
import { withMarks } from '../request/degraded.ts';
import type { Run } from '../request/steps.ts';
import { type Rules, readRights } from '../rights/directives.ts';
import { createCompiledPlans } from './compiled-plans.ts';
import { type Execute, executeByGateway, executeByServer } from './execute.ts';
import { readerOf } from './reader.ts';
import type { ServerOptions } from './server.ts';
import { createServer, vendorLog } from './server.ts';
import type { Sources } from './sources.ts';

/** As JSON; without a bound of their own long texts would leave plans of any size behind. */
const plansMax = { countMax: 2_000, charsMax: 30_000_000 };

/** One supergraph, loaded: it never changes. A reload makes another one. */
export type Graph = {
  readonly run: Run;
  /** What callers see of it. */
  readonly schema: GraphQLSchema;
  readonly rules: Rules;
  readonly weights: CostWeights;
  /** What runs meanwhile still ends well. */
  readonly stop: () => Promise<void>;
};

export type GraphOptions = ServerOptions & {
  readonly sources: Sources;
  /** Query plans are shown to whoever asks for them. */
  readonly showsPlans?: boolean;
  /** On unless a measurement or a comparison asks for less. */
  readonly sharesReads?: boolean;
  /** On unless a comparison asks for the library's own executor. */
  readonly compilesPlans?: boolean;
};

/** Throws when the supergraph cannot be read or names a subgraph without an address. */
export async function loadGraph(text: string, options: GraphOptions): Promise<Graph> {
  const { sources, log, mask, reporting, showsPlans = false, sharesReads = true } = options;
  const { rules, supergraphSdl } = readRights(text);
  const weights = costWeightsIn(text);
  const compiled =
    options.compilesPlans === false || reporting
      ? undefined
      : createCompiledPlans({ schema: () => gateway.schema, sourceOf: sources.of });
  const gateway: ApolloGateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => sources.of(name),
    queryPlannerConfig: { cache: planCache() },
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) =>
      compiled?.learn(requestContext.operation, queryPlan),
    logger: vendorLog(log),
    __exposeQueryPlanExperimental: showsPlans,
  });
  const server = createServer(gateway, options);
  await server.start();
  if (!gateway.schema) throw new Error('the supergraph was not loaded');
  const execute = reporting
    ? executeByServer(server)
    : executeByGateway(gateway, { mask, compiled });
  return {
    run: runWith(execute, sharesReads),
    schema: gateway.schema,
    rules,
    weights,
    stop: () => server.stop(),
  };
}

const runWith =
  (execute: Execute, shares: boolean): Run =>
  async (operation, asked, story) => {
    const reader = readerOf(story, { operation, asked, shares });
    const outcome = await execute({ operation, asked, reader });
    return reader.degraded.length === 0 ? outcome : withMarks(outcome, reader.degraded);
  };

type PlanCache = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type QueryPlan = Parameters<PlanCache['set']>[1];

/** Plans are made anew with each graph, so none outlives it. */
function planCache(): PlanCache {
  let plans = knownTexts<QueryPlan>(plansMax);
  return {
    get: async (key: string) => plans.get(key),
    set: async (key: string, plan: QueryPlan) => plans.set(key, plan, JSON.stringify(plan).length),
    delete: async () => false,
    clear: () => {
      plans = knownTexts<QueryPlan>(plansMax);
    },
  };
}
