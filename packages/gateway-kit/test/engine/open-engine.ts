import type { AssertionSigner, Viewer } from '@simplebank/chassis/auth';
import {
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
} from '@simplebank/chassis/auth';
import { createErrorMask } from '@simplebank/chassis/errors';
import { createLogger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { systemClock } from '@simplebank/kernel/clock';
import { composeServices } from '@theguild/federation-composition';
import { parse, validate } from 'graphql';
import type { Engine, EngineOptions } from '../../src/engine/engine.ts';
import { startEngine } from '../../src/engine/engine.ts';
import { createOperations } from '../../src/operations/operations.ts';
import type { Asked, Outcome } from '../../src/request/steps.ts';
import type { Stub } from '../stub-subgraph.ts';
import { createStub } from '../stub-subgraph.ts';

/** A subgraph as a test writes it: its schema without the federation link, and its answers. */
export type Part = { readonly sdl: string; readonly root: Readonly<Record<string, unknown>> };

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key" "@shareable" "@external" "@requires" "@provides"
])`;

export const anonymous: Viewer = { kind: 'anonymous', channel: 'federation' };
export const customer = (customerId: string): Viewer => ({
  kind: 'principal',
  customerId,
  roles: ['customer'],
  channel: 'federation',
  sessionId: null,
});

export type Opened = {
  readonly engine: Engine;
  readonly stubs: Readonly<Record<string, Stub>>;
  readonly supergraph: string;
  readonly signer: AssertionSigner;
  readonly lines: () => readonly Record<string, unknown>[];
  /** Asks as the gateway does once every check has passed. */
  readonly ask: (query: string, asking?: Asking) => Promise<Outcome>;
  /** Checks now and asks later. */
  readonly prepare: (query: string, asking?: Asking) => () => Promise<Outcome>;
  readonly close: () => Promise<void>;
};
type Asking = Partial<Pick<Asked, 'operationName' | 'variables' | 'writtenMark'>> & {
  readonly viewer?: Viewer;
  readonly withinMs?: number;
  readonly wantsPlan?: boolean;
};

export function composed(parts: Readonly<Record<string, Part>>): string {
  const services = Object.entries(parts).map(([name, { sdl }]) => ({
    name,
    url: `http://${name}/graphql`,
    typeDefs: parse(`${link} ${sdl}`),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

type Options = Partial<EngineOptions> & { readonly clock?: Clock };

/** Stub subgraphs with an engine over them, and no door in front. */
export async function openEngine(
  parts: Readonly<Record<string, Part>>,
  options: Options = {},
): Promise<Opened> {
  const { privateKey, publicKeys } = await generateAssertionKeys();
  const stubs: Record<string, Stub> = {};
  for (const [name, { sdl, root }] of Object.entries(parts)) {
    const assertions = createAssertionVerifier({ publicKeys, audience: name });
    stubs[name] = createStub({ name, typeDefs: `${link} ${sdl}`, root, assertions });
    await stubs[name].start();
  }
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const log = createLogger({ service: 'test', level: 'INFO', destination });
  const supergraph = composed(parts);
  const signer = createAssertionSigner({ privateKey, issuer: 'federation' });
  const engine = await startEngine({
    name: 'federation',
    supergraphSdl: supergraph,
    subgraphUrls: Object.fromEntries(Object.values(stubs).map(({ name, url }) => [name, url])),
    assertionSigner: signer,
    introspection: true,
    mask: createErrorMask(log),
    clock: systemClock,
    log,
    ...options,
  });
  const operations = createOperations({
    schema: () => engine.schema,
    weightsOf: engine.weightsOf,
    introspection: true,
    costMax: 1_000_000,
    nestsLists: true,
  });
  const prepare: Opened['prepare'] = (query, asking = {}) => {
    const { viewer = anonymous, withinMs = 10_000, wantsPlan = false, ...more } = asking;
    const asked: Asked = { query, operationName: null, variables: {}, ...more };
    const operation = operations.resolve(asked);
    return () =>
      engine.run(operation, asked, {
        requestId: 'story-0001',
        viewer,
        deadlineAtMs: performance.now() + withinMs,
        log,
        address: '127.0.0.1',
        standing: { taken: null },
        method: 'POST',
        operation: { name: null },
        wantsPlan,
      });
  };
  return {
    engine,
    stubs,
    supergraph,
    signer,
    lines: () => written.map((line) => JSON.parse(line)),
    prepare,
    ask: async (query, asking) => prepare(query, asking)(),
    async close() {
      await engine.stop();
      await Promise.all(Object.values(stubs).map((stub) => stub.close()));
    },
  };
}

export const isValid = (engine: Engine, query: string): boolean =>
  validate(engine.schema, parse(query)).length === 0;
