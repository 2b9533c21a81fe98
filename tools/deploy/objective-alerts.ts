import { stringify } from 'yaml';
import { deployables } from '../distributed/processes.ts';
import { type Description, descriptions } from '../services/descriptions.ts';
import { shippedOf } from './shipped.ts';

/** How many times too fast the budget of errors may burn over an hour (operations.md, ours). */
const burnMax = 14;
const errorShareMax = 0.01;
/** Three intervals of heartbeats and scrapes. */
const silentSeconds = 15;

/** What is timed but is no request: steps that wait for events or for an outside party. */
const steps = [
  'request_hold',
  'mark_placed',
  'hold_funds',
  'capture_fee',
  'reserve_position',
  'accept_order',
  'place_on_venue',
] as const;

const head =
  '# Written by npm run deploy:files from the objectives in service.yml: change them there.\n';

/** A tool without a service.yml of its own: platform runs it, and drift must not go unseen. */
const watched = { name: 'reconciler', team: 'platform', criticality: 'critical' } as const;

type Watched = Pick<Description, 'name' | 'team' | 'criticality'>;

const labelsOf = ({ name, team }: Watched, severity: 'page' | 'ticket') => ({
  severity,
  team,
  service: name,
});

const annotations = (alert: string, summary: string) => ({
  summary,
  runbook_url: `docs/runbooks/${alert}.md`,
});

/** Gateways answer requests and have no worker whose beat could be missed. */
const works = ({ name }: Watched): boolean => shippedOf(name).tier !== 'gateway';

function serviceDown(of: Watched) {
  const own = `{service="${of.name}"}`;
  const beats = 'max by (service, worker) (simplebank_heartbeat_age_seconds';
  return {
    alert: 'ServiceDown',
    expr: [
      `up${own} == 0`,
      `or absent(up${own})`,
      ...(works(of) ? [`or ${beats}${own}) > ${silentSeconds}`] : []),
    ].join('\n'),
    for: `${silentSeconds}s`,
    labels: labelsOf(of, of.criticality === 'critical' ? 'page' : 'ticket'),
    annotations: annotations('ServiceDown', `${of.name} gives no sign of life`),
  };
}

const operations = 'simplebank_operation_duration_seconds';
const requests = (name: string) => `service="${name}", operation!~"${steps.join('|')}"`;

const errorShare = (name: string, window: string) => {
  const all = `${operations}_count{${requests(name)}}`;
  const errors = `${operations}_count{${requests(name)}, outcome="error"}`;
  return `sum(rate(${errors}[${window}]))\n/ sum(rate(${all}[${window}]))`;
};

function objectives(of: Description) {
  const { name, objective } = of;
  const { percentile, underMs, uptimePercent } = objective;
  const share = `(1 - ${uptimePercent} / 100)`;
  const buckets = `${operations}_bucket{${requests(name)}, outcome="ok"}`;
  const labels = labelsOf(of, 'page');
  return [
    {
      alert: 'SloLatency',
      expr: `histogram_quantile(${percentile / 100},
  sum by (le) (rate(${buckets}[5m]))
) > ${underMs} / 1000`,
      for: '5m',
      labels,
      annotations: annotations(
        'SloLatency',
        `${percentile} % of the requests to ${name} take up to {{ $value | humanizeDuration }}`,
      ),
    },
    {
      alert: 'SloAvailability',
      expr: `${errorShare(name, '1h')} > ${burnMax} * ${share}`,
      labels,
      annotations: annotations(
        'SloAvailability',
        `{{ $value | humanizePercentage }} of the requests to ${name} fail, over an hour`,
      ),
    },
    {
      alert: 'ErrorRate',
      expr: `${errorShare(name, '5m')} > ${errorShareMax}`,
      for: '5m',
      labels,
      annotations: annotations(
        'ErrorRate',
        `{{ $value | humanizePercentage }} of the requests to ${name} fail`,
      ),
    },
  ];
}

/** The outside parties that we play serve no customer, and production has real ones. */
const ours = (of: Description): boolean =>
  deployables.some(({ name, outside }) => name === of.name && !outside);

/** `alerts/objectives.yml`: one rule per process and objective, each with the team to call. */
export function objectiveAlerts(): string {
  const all = descriptions().filter(ours);
  const rules = [
    { name: 'service-down', rules: [...all, watched].map(serviceDown) },
    { name: 'objectives', rules: all.flatMap(objectives) },
  ];
  return head + stringify({ groups: rules }, { lineWidth: 0 });
}
