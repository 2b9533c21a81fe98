import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { networkPolicies, readEdges } from '../../tools/deploy/network-edges.ts';
import { operationsPort, shipped } from '../../tools/deploy/shipped.ts';
import { documentsOf, textOf } from './support/files.ts';

const labels = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) });
const peer = z.object({
  podSelector: labels.optional(),
  namespaceSelector: labels.optional(),
  ipBlock: z.object({ cidr: z.string() }).optional(),
});
const ports = z.array(z.object({ protocol: z.string(), port: z.number() }));
const policy = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).optional() }),
    policyTypes: z.array(z.string()),
    ingress: z.array(z.object({ from: z.array(peer), ports })).default([]),
    egress: z.array(z.object({ to: z.array(peer), ports })).default([]),
  }),
});
const policies = documentsOf(textOf('deploy/kubernetes/base/network-policies.yml')).map(
  (document) => policy.parse(document),
);
const edges = readEdges();

const policyOf = (name: string) => policies.find(({ metadata }) => metadata.name === name);
const isPod = (name: string) => (each: z.infer<typeof peer>) =>
  each.podSelector?.matchLabels['app'] === name;
const names = Object.keys(edges.edges);
const workers = new Set(shipped.filter(({ port }) => port === null).map(({ name }) => name));
const gateways = shipped.filter(({ tier }) => tier === 'gateway').map(({ name }) => name);
const askersOf = (name: string) => (name === 'market' ? gateways : []);
const labelled = (app: string) => ({ matchLabels: { app } });

/** Whether both ends let a connection through, as the network decides it. */
function opens(from: string, to: string, port: number): boolean {
  const leaves = policyOf(from)?.spec.egress.some(
    (rule) => rule.to.some(isPod(to)) && rule.ports.some((each) => each.port === port),
  );
  const enters = policyOf(to)?.spec.ingress.some(
    (rule) => rule.from.some(isPod(from)) && rule.ports.some((each) => each.port === port),
  );
  return leaves === true && enters === true;
}

describe('the network', () => {
  test('refuses whatever no edge allows, in and out', () => {
    const all = policyOf('deny-all')?.spec;
    expect(all).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [],
    });
    for (const { spec } of policies) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test('opens exactly the edges of the file, of all pairs and doors', () => {
    const open: string[] = [];
    for (const from of names) {
      for (const { name, port } of shipped) {
        if (port !== null && opens(from, name, port)) open.push(`${from} -> ${name}`);
        if (opens(from, name, operationsPort)) open.push(`${from} -> ${name} operations`);
      }
    }
    const doors = new Set(shipped.filter(({ port }) => port !== null).map(({ name }) => name));
    const wanted = Object.entries(edges.edges).flatMap(([from, to]) => [
      ...to.filter((name) => doors.has(name)).map((name) => `${from} -> ${name}`),
      ...to.filter((name) => workers.has(name)).map((name) => `${from} -> ${name} operations`),
    ]);
    expect(open.toSorted()).toEqual(wanted.toSorted());
  });

  test('lets only gateways be reached from outside, by staff and partners only theirs', () => {
    const outside = policies.filter(({ spec }) =>
      spec.ingress.some(({ from }) => from.some((each) => each.ipBlock || each.namespaceSelector)),
    );
    expect(outside.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      shipped
        .filter(({ tier }) => tier === 'gateway')
        .map(({ name }) => name)
        .toSorted(),
    );
    const federation = policyOf('federation')?.spec.ingress.flatMap(({ from }) => from) ?? [];
    expect(federation.some(({ namespaceSelector }) => namespaceSelector)).toBe(false);
    expect(federation.some(({ ipBlock }) => ipBlock?.cidr.startsWith('0.0.0.0'))).toBe(false);
  });

  test('no context reaches another context, and no gateway another gateway', () => {
    const contexts = shipped.filter(({ tier }) => tier !== 'gateway' && tier !== 'outside');
    const gateways = shipped.filter(({ tier }) => tier === 'gateway');
    for (const group of [contexts, gateways]) {
      for (const from of group) {
        for (const to of group) {
          if (to.port !== null) expect(opens(from.name, to.name, to.port)).toBe(false);
        }
      }
    }
  });

  test('shows operations ports to Prometheus alone, a worker’s to the rollup of gateways', () => {
    for (const { name } of shipped.filter(({ inProduction }) => inProduction)) {
      const rules = policyOf(name)?.spec.ingress.filter((rule) =>
        rule.ports.some(({ port }) => port === operationsPort),
      );
      expect(
        rules?.flatMap(({ from }) => from),
        name,
      ).toEqual([...askersOf(name), 'prometheus'].map((app) => ({ podSelector: labelled(app) })));
    }
  });

  test('an edge to a door that is not there is told with its name', () => {
    const wrong = { ...edges, edges: { ...edges.edges, orders: ['nobody'] } };
    expect(() => networkPolicies(wrong)).toThrow('orders -> nobody');
  });
});
