import { errorShare, percentiles, shared, traffic } from './expressions.ts';
import type { Dashboard, Panel } from './panel.ts';
import { dependencies, platform } from './surroundings.ts';

const all = '';
const gateways = 'service=~"web|mobile|federation"';

const overview: Dashboard = {
  uid: 'simplebank-overview',
  title: 'Overview',
  panels: [
    {
      title: 'Up',
      unit: 'short',
      kind: 'stat',
      width: 24,
      queries: [{ expr: 'min by (service) (up{job="simplebank"})', legend: '{{service}}' }],
    },
    { title: 'Latency 0.5', unit: 's', queries: perService(0) },
    { title: 'Latency 0.99', unit: 's', queries: perService(2) },
    { title: 'Traffic', unit: 'reqps', queries: [traffic({ labels: all })] },
    { title: 'Errors', unit: 'percentunit', queries: [errorShare({ labels: all })] },
    {
      title: 'Error records',
      unit: 'short',
      queries: [traffic({ metric: 'simplebank_errors_total', labels: all, by: 'service, code' })],
    },
    {
      title: 'Saturation: event loop 0.99',
      unit: 's',
      queries: [shared('simplebank_nodejs_eventloop_lag_p99_seconds', 'service')],
    },
    {
      title: 'Stuck processes',
      unit: 'short',
      kind: 'stat',
      queries: [shared('simplebank_stuck_processes', 'service, process')],
    },
    {
      title: 'Drift between the books',
      unit: 'short',
      kind: 'stat',
      queries: [{ expr: 'max(simplebank_reconciler_drift)', legend: 'drift' }],
    },
  ],
};

function perService(index: 0 | 2) {
  const query = percentiles({ labels: 'outcome="ok"', by: 'service' })[index];
  return query ? [{ ...query, legend: '{{service}}' }] : [];
}

/** The nine timers of the literature, in the order in which an order passes them. */
const timers = [
  { title: 'Gateway: place order', labels: `${gateways}, operation="place_order"` },
  { title: 'Gateway: health', labels: `${gateways}, operation="health"` },
  { title: 'Orders: place order', labels: 'service="orders", operation="place_order"' },
  { title: 'Orders: request hold', labels: 'service="orders", operation="request_hold"' },
  { title: 'Accounts: hold funds', labels: 'service="accounts", operation="hold_funds"' },
  {
    title: 'Holdings: reserve position',
    labels: 'service="holdings", operation="reserve_position"',
  },
  { title: 'Market: accept order', labels: 'service="market", operation="accept_order"' },
  { title: 'Market: place on venue', labels: 'service="market", operation="place_on_venue"' },
  { title: 'Orders: mark placed', labels: 'service="orders", operation="mark_placed"' },
  { title: 'Accounts: capture fee', labels: 'service="accounts", operation="capture_fee"' },
] as const;

const timer = ({ title, labels }: (typeof timers)[number]): Panel => ({
  title,
  unit: 's',
  queries: percentiles({ labels }),
});

const placeOrder: Dashboard = {
  uid: 'simplebank-place-order',
  title: 'Place order',
  panels: [
    ...timers.map(timer),
    {
      title: 'Orders placed',
      unit: 'reqps',
      queries: [traffic({ labels: 'operation="place_order"', by: 'service, outcome' })],
    },
    {
      title: 'Orders that end',
      unit: 'reqps',
      queries: [
        traffic({
          metric: 'simplebank_process_ends_total',
          labels: 'process="order"',
          by: 'timeliness',
        }),
      ],
    },
  ],
};

const queues: Dashboard = {
  uid: 'simplebank-queues',
  title: 'Queues',
  variables: [{ name: 'queue', query: 'label_values(simplebank_queue_messages, queue)' }],
  panels: [
    {
      title: 'Messages',
      unit: 'short',
      queries: [shared('simplebank_queue_messages{queue=~"$queue"}', 'queue, state')],
    },
    {
      title: 'Oldest message',
      unit: 's',
      queries: [shared('simplebank_queue_oldest_seconds{queue=~"$queue"}', 'queue')],
    },
    {
      title: 'Handled',
      unit: 'reqps',
      queries: [
        traffic({
          metric: 'simplebank_jobs_processed_total',
          labels: 'queue=~"$queue"',
          by: 'queue, outcome',
        }),
      ],
    },
    {
      title: 'Published',
      unit: 'reqps',
      queries: [
        traffic({ metric: 'simplebank_events_published_total', labels: all, by: 'service' }),
      ],
    },
    {
      title: 'Consumers: seconds since the last beat',
      unit: 's',
      queries: [shared('simplebank_heartbeat_age_seconds', 'service, worker')],
    },
    {
      title: 'Dead letters',
      unit: 'short',
      kind: 'stat',
      queries: [shared('simplebank_queue_messages{queue=~"$queue", state="dead"}', 'queue')],
    },
    {
      title: 'Outbox lag',
      unit: 's',
      queries: [shared('simplebank_outbox_lag_seconds', 'service')],
    },
    {
      title: 'From event to effect',
      unit: 's',
      queries: percentiles({ metric: 'simplebank_propagation_lag_seconds', labels: all }),
    },
  ],
};

const one = 'service=~"$service", version=~"$version"';

const service: Dashboard = {
  uid: 'simplebank-service',
  title: 'Service',
  variables: [
    { name: 'service', query: 'label_values(simplebank_process_cpu_seconds_total, service)' },
    {
      name: 'version',
      query: 'label_values(simplebank_process_cpu_seconds_total{service=~"$service"}, version)',
    },
  ],
  panels: [
    { title: 'Response time', unit: 's', queries: percentiles({ labels: `${one}, outcome="ok"` }) },
    { title: 'Errors', unit: 'percentunit', queries: [errorShare({ labels: one })] },
    {
      title: 'Traffic',
      unit: 'reqps',
      queries: [traffic({ labels: one, by: 'operation, outcome' })],
    },
    {
      title: 'Connections to the database',
      unit: 'short',
      queries: [shared(`simplebank_pool_connections{${one}}`, 'service, state')],
    },
    {
      title: 'Event loop 0.99',
      unit: 's',
      queries: [shared(`simplebank_nodejs_eventloop_lag_p99_seconds{${one}}`, 'service, version')],
    },
    {
      title: 'CPU',
      unit: 'percentunit',
      queries: [traffic({ metric: 'simplebank_process_cpu_seconds_total', labels: one })],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: [shared(`simplebank_process_resident_memory_bytes{${one}}`, 'service, version')],
    },
  ],
};

/** The dashboards by the name of their file. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  overview,
  'place-order': placeOrder,
  queues,
  service,
  dependencies,
  platform,
};
