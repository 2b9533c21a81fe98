import { stringify } from 'yaml';
import { descriptions } from '../services/descriptions.ts';
import { networkPolicies, readEdges } from './network-edges.ts';
import { operationsPort, type Shipped, shipped } from './shipped.ts';

/** Three zones: losing one costs a third, and two pods stay while one is replaced. */
const replicas = 3;
const keptPods = 2;
const replicasMax = 12;
/** What Kubernetes waits after SIGTERM; a process takes 10 s at most (OPS-75). */
const graceSeconds = 20;
/** Until no endpoint sends requests here any more. */
const leaveSeconds = 3;
const queueDepthTarget = '50';
const cpuTargetPercent = 70;

/** A worker that works alone, under a lease: more of it would only watch. */
const singles: ReadonlySet<string> = new Set(['reconciler']);

const labelsOf = ({ name, tier }: Shipped) => ({ app: name, tier });

const probe = (path: string, timeoutSeconds: number) => ({
  httpGet: { path, port: 'operations' },
  initialDelaySeconds: 10,
  periodSeconds: 5,
  timeoutSeconds,
  failureThreshold: 3,
});

const hardened = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 1000,
  capabilities: { drop: ['ALL'] },
};

const secretOf = (name: string, variable: string) => ({
  name: variable,
  valueFrom: { secretKeyRef: { name: `${name}-secrets`, key: variable } },
});

function container(of: Shipped) {
  const { name, port, secrets, values } = of;
  const door = port === null ? [] : [{ name: 'door', containerPort: port }];
  return {
    name,
    image: `simplebank/${name}`,
    ports: [...door, { name: 'operations', containerPort: operationsPort }],
    envFrom: [{ configMapRef: { name: 'bank' } }],
    env: [
      ...Object.entries(values).map(([variable, value]) => ({ name: variable, value })),
      ...secrets.map((variable) => secretOf(name, variable)),
    ],
    resources: {
      requests: { cpu: '250m', memory: '256Mi' },
      limits: { cpu: '1', memory: '512Mi' },
    },
    livenessProbe: probe('/health/live', 15),
    readinessProbe: probe('/health/ready', 2),
    lifecycle: { preStop: { exec: { command: ['sleep', String(leaveSeconds)] } } },
    securityContext: hardened,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

const inMemory = { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } };

const spread = (of: Shipped) =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labelsOf(of) },
  }));

function deployment(of: Shipped) {
  const labels = { ...labelsOf(of), track: 'stable' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: of.name, labels: { ...labels, version: 'unset' } },
    spec: {
      replicas: singles.has(of.name) ? keptPods : replicas,
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 180,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: { ...labels, version: 'unset' } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: graceSeconds,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          topologySpreadConstraints: spread(of),
          containers: [container(of)],
          volumes: [inMemory],
        },
      },
    },
  };
}

/** Selects app and tier only, so that a canary takes its share of the requests. */
const service = (of: Shipped, name: 'door' | 'operations', port: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: of.name, labels: labelsOf(of) },
  spec: { selector: labelsOf(of), ports: [{ name, port, targetPort: name }] },
});

/** Gateways ask how a worker is, where it has a class of its own in the rollup. */
function services(of: Shipped): readonly unknown[] {
  if (of.port !== null) return [service(of, 'door', of.port)];
  const asked = Object.values(readEdges().edges).some((targets) => targets.includes(of.name));
  return asked ? [service(of, 'operations', operationsPort)] : [];
}

const disruptionBudget = (of: Shipped, minAvailable: number) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: of.name },
  spec: { minAvailable, selector: { matchLabels: labelsOf(of) } },
});

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuTargetPercent } },
};

/** Every instance tells the depth of the queue that all share, so an adapter must take its max. */
const queueDepth = ({ name }: Shipped) => ({
  type: 'External',
  external: {
    metric: {
      name: 'simplebank_queue_messages',
      selector: { matchLabels: { queue: name, state: 'waiting' } },
    },
    target: { type: 'AverageValue', averageValue: queueDepthTarget },
  },
});

const autoscaler = (of: Shipped) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: of.name },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: of.name },
    minReplicas: keptPods,
    maxReplicas: replicasMax,
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, policies: [percent(100, 15), pods(4, 15)] },
      scaleDown: { stabilizationWindowSeconds: 300, policies: [pods(1, 60)] },
    },
    metrics: of.consumes ? [cpu, queueDepth(of)] : [cpu],
  },
});

const percent = (value: number, periodSeconds: number) => ({
  type: 'Percent',
  value,
  periodSeconds,
});
const pods = (value: number, periodSeconds: number) => ({ type: 'Pods', value, periodSeconds });

const yaml = (objects: readonly unknown[]): string =>
  objects
    .map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');

const head =
  '# Written by npm run deploy:files: change tools/deploy/kubernetes.ts or what it reads.\n';

function objectsOf(of: Shipped): readonly unknown[] {
  const single = singles.has(of.name);
  return [
    deployment(of),
    ...services(of),
    disruptionBudget(of, single ? 1 : keptPods),
    ...(single ? [] : [autoscaler(of)]),
  ];
}

const folder = 'deploy/kubernetes/base';

/** The base: one file per process, the policies of the network, and the list of them. */
export function kubernetesFiles(): ReadonlyMap<string, string> {
  const known = new Set(descriptions().map(({ name }) => name));
  const sent = shipped.filter(({ inProduction }) => inProduction);
  const unknown = sent.find(({ name }) => !known.has(name) && !singles.has(name));
  if (unknown) throw new Error(`${unknown.name} has no service.yml`);
  const names = sent.map(({ name }) => `${name}.yml`);
  const resources = [...names, 'bank.yml', 'network-policies.yml'];
  return new Map([
    ...sent.map((of) => [`${folder}/${of.name}.yml`, head + yaml(objectsOf(of))] as const),
    [`${folder}/network-policies.yml`, head + yaml(networkPolicies(readEdges()))],
    [
      `${folder}/kustomization.yml`,
      head +
        yaml([{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }]),
    ],
  ]);
}
