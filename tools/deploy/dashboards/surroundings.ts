import { shared, traffic, window } from './expressions.ts';
import type { Dashboard } from './panel.ts';

const all = '';
const pair = 'service, dependency';
const per = (metric: string, by = pair) => [traffic({ metric, labels: all, by })];

const buckets = 'simplebank_outbound_duration_seconds_bucket';

/** Every pair of caller and target. */
export const dependencies: Dashboard = {
  uid: 'simplebank-dependencies',
  title: 'Dependencies',
  panels: [
    {
      title: 'Latency 0.99',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, ${pair}) (rate(${buckets}[${window}])))`,
          legend: '{{service}} to {{dependency}}',
        },
      ],
    },
    {
      title: 'Calls',
      unit: 'reqps',
      queries: per('simplebank_outbound_duration_seconds_count', `${pair}, outcome`),
    },
    {
      title: 'Circuits: 0 closed, 1 half open, 2 open',
      unit: 'short',
      queries: [shared('simplebank_circuit_state', pair)],
    },
    {
      title: 'Circuits that opened',
      unit: 'short',
      queries: per('simplebank_circuit_opened_total'),
    },
    { title: 'Retries', unit: 'reqps', queries: per('simplebank_outbound_retries_total') },
    { title: 'Timeouts', unit: 'reqps', queries: per('simplebank_outbound_timeouts_total') },
    {
      title: 'Bulkheads',
      unit: 'short',
      queries: [shared('simplebank_bulkhead_calls', `${pair}, state`)],
    },
    {
      title: 'Refused by a full bulkhead',
      unit: 'reqps',
      queries: per('simplebank_bulkhead_refusals_total'),
    },
    {
      title: 'Fallbacks',
      unit: 'reqps',
      queries: per('simplebank_fallback_total', `${pair}, kind`),
    },
  ],
};

/** What the processes stand on. */
export const platform: Dashboard = {
  uid: 'simplebank-platform',
  title: 'Platform',
  panels: [
    {
      title: 'CPU',
      unit: 'percentunit',
      queries: [traffic({ metric: 'simplebank_process_cpu_seconds_total', labels: all })],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: [shared('simplebank_process_resident_memory_bytes', 'service')],
    },
    {
      title: 'Event loop 0.99',
      unit: 's',
      queries: [shared('simplebank_nodejs_eventloop_lag_p99_seconds', 'service')],
    },
    {
      title: 'Leaders',
      unit: 'short',
      queries: [shared('simplebank_leader', 'service, job')],
    },
    {
      title: 'PostgreSQL: connections',
      unit: 'short',
      queries: [{ expr: 'sum by (datname) (pg_stat_database_numbackends)', legend: '{{datname}}' }],
    },
    {
      title: 'PostgreSQL: transactions',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (datname) (rate(pg_stat_database_xact_commit[${window}]))`,
          legend: '{{datname}}',
        },
      ],
    },
    {
      title: 'Redis: memory',
      unit: 'bytes',
      queries: [{ expr: 'redis_memory_used_bytes', legend: 'used' }],
    },
    {
      title: 'Redis: commands',
      unit: 'reqps',
      queries: [{ expr: `rate(redis_commands_processed_total[${window}])`, legend: 'commands' }],
    },
  ],
};
