import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../generate/units.ts';
import { operationsPort, shipped } from './shipped.ts';

const peer = z.union([
  z.object({ podSelector: z.record(z.string(), z.string()) }).strict(),
  z.object({ namespace: z.string() }).strict(),
  z.object({ cidr: z.string() }).strict(),
]);
type Peer = z.infer<typeof peer>;

const shape = z.object({
  places: z.record(z.string(), z.object({ port: z.number().int(), to: peer })),
  outside: z.record(z.string(), z.array(peer)),
  watchers: z.array(peer),
  edges: z.record(z.string(), z.array(z.string())),
});
export type NetworkEdges = z.infer<typeof shape>;

/** `deploy/network-edges.yml`. Throws ZodError with what is wrong in it. */
export const readEdges = (): NetworkEdges =>
  shape.parse(parse(readFileSync(join(root, 'deploy/network-edges.yml'), 'utf8')));

const peerOf = (of: Peer) => {
  if ('podSelector' in of) return { podSelector: { matchLabels: of.podSelector } };
  if ('cidr' in of) return { ipBlock: { cidr: of.cidr } };
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': of.namespace } } };
};

const pod = (app: string): Peer => ({ podSelector: { app } });
const tcp = (port: number) => ({ protocol: 'TCP', port });
const portsOf = (port: number) =>
  port === 53 ? [{ protocol: 'UDP', port }, tcp(port)] : [tcp(port)];

const policy = (name: string, spec: Readonly<Record<string, unknown>>) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec,
});

/** Without it a pod that no policy names could reach everything. */
const denyAll = policy('deny-all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

/** A worker has no door: who asks how it is asks its operations port. */
function portOf(name: string): number | null {
  const found = shipped.find((each) => each.name === name);
  return found ? (found.port ?? operationsPort) : null;
}

function targetOf(edges: NetworkEdges, from: string, name: string) {
  const place = edges.places[name];
  if (place) return { to: [peerOf(place.to)], ports: portsOf(place.port) };
  const port = portOf(name);
  if (!port) throw new Error(`network-edges.yml: ${from} -> ${name}: there is no such door`);
  return { to: [peerOf(pod(name))], ports: portsOf(port) };
}

function policyOf(edges: NetworkEdges, name: string, targets: readonly string[]) {
  const port = portOf(name);
  const callers = Object.entries(edges.edges).filter(([, to]) => to.includes(name));
  const from = [...callers.map(([caller]) => pod(caller)), ...(edges.outside[name] ?? [])];
  const door = port && from.length > 0 ? [{ from: from.map(peerOf), ports: [tcp(port)] }] : [];
  const watched = { from: edges.watchers.map(peerOf), ports: [tcp(operationsPort)] };
  const runs = shipped.some((each) => each.name === name);
  return policy(name, {
    podSelector: { matchLabels: { app: name } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [...door, ...(runs ? [watched] : [])],
    egress: targets.map((target) => targetOf(edges, name, target)),
  });
}

/**
 * The NetworkPolicies of all edges, and one that refuses the rest.
 * @throws Error that names an edge to a door that does not exist
 */
export function networkPolicies(edges: NetworkEdges) {
  return [
    denyAll,
    ...Object.entries(edges.edges).map(([name, targets]) => policyOf(edges, name, targets)),
  ];
}
