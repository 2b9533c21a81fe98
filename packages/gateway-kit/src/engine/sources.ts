import type { AssertionSigner } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import type { SubgraphSource } from './subgraph-source.ts';
import { createSubgraphSource } from './subgraph-source.ts';

export type SourcesOptions = {
  /** The gateway, for the gauges of its circuits. */
  readonly name: string;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly mask: ErrorMask;
  readonly log: Logger;
  readonly clock: Clock;
  /** On unless a measurement or a comparison asks for less. */
  readonly distinctEntities?: boolean;
};

export type Sources = {
  /** Throws when the subgraph has no address. */
  readonly of: (subgraph: string) => SubgraphSource;
  readonly close: () => Promise<void>;
};

/** The subgraphs, each with one pool and one circuit, whichever graph is loaded. */
export function createSources(options: SourcesOptions): Sources {
  const { name, subgraphUrls, assertionSigner, mask, log, clock } = options;
  const { distinctEntities = true } = options;
  const sources = new Map<string, SubgraphSource>();

  function open(subgraph: string): SubgraphSource {
    const url = subgraphUrls[subgraph];
    if (url === undefined) throw new Error(`no address is configured for subgraph ${subgraph}`);
    const source = createSubgraphSource({
      service: name,
      name: subgraph,
      url,
      signer: assertionSigner,
      mask,
      log,
      clock,
      distinctEntities,
    });
    sources.set(subgraph, source);
    return source;
  }

  return {
    // The names in a composed supergraph may be written in capitals; addresses are lower case.
    of: (subgraph) => sources.get(subgraph.toLowerCase()) ?? open(subgraph.toLowerCase()),
    close: async () => {
      await Promise.all([...sources.values()].map((source) => source.close()));
    },
  };
}
