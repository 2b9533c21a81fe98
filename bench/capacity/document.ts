import { readFileSync } from 'node:fs';
import { table } from '../facts.ts';
import { objective } from '../objective.ts';
import { type Assumptions, assumptions } from './assumptions.ts';
import { type Measured, measuredFile, measuredNames } from './measured.ts';
import { breakingOrder, callsOf, type Inputs, type Size, sizeFor, usersAfter } from './model.ts';
import { serversOf, simulate } from './simulation.ts';

const months = ['June', 'July', 'August'];
const sizesShown = [4_000, 7_840, 30_000, 100_000, 300_000, 1_000_000];
const simulatedRequests = 30_000;
const seed = 12;

const count = (n: number): string =>
  Number.isFinite(n) ? Math.round(n).toLocaleString('en-US') : 'any number';

function loadTable(assumed: Assumptions): string {
  const lines = months.map((month, nth) => {
    const users = usersAfter(nth, assumed);
    const { average, peak } = callsOf(users, assumed);
    return [month, count(users), count(average), count(peak)];
  });
  return table([['month', 'users', 'calls/s on average', 'calls/s at the peak'], ...lines]);
}

/** Months of that growth until so many. */
const monthsUntil = (users: number, { traffic }: Assumptions): number =>
  Math.ceil(Math.log(users / traffic.usersAtFirst) / Math.log(traffic.growth));

function sizeTable(sizes: readonly Size[]): string {
  const names = sizes[0]?.parts.map(({ name, kind }) => ({ name, kind })) ?? [];
  const order = ['process', 'database', 'redis'];
  const rows = names
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(({ name, kind }) => [
      kind === 'process' ? `${name}, instances` : kind === 'redis' ? 'Redis, shards' : name,
      ...sizes.map(({ parts }) => count(parts.find((part) => part.name === name)?.count ?? 0)),
    ]);
  return table([
    ['users', ...sizes.map(({ users }) => count(users))],
    ['calls/s on average', ...sizes.map(({ calls }) => count(calls.average))],
    ['calls/s at the peak', ...sizes.map(({ calls }) => count(calls.peak))],
    ...rows,
    ['connections to databases', ...sizes.map(({ connections }) => count(connections))],
    ['GB a year', ...sizes.map(({ storageGbPerYear }) => count(storageGbPerYear))],
    ['dollars a month', ...sizes.map(({ costPerMonth }) => count(costPerMonth))],
    ['cents a user and month', ...sizes.map((size) => cents(size))],
  ]);
}

const cents = ({ costPerMonth, users }: Size) => ((costPerMonth * 100) / users).toFixed(1);

const breaks = (inputs: Inputs): string =>
  table([
    ['one of', 'bears users', 'then it runs out of'],
    ...breakingOrder(inputs).map(({ name, usersOfOne, runsOut }) => [
      name,
      count(usersOfOne),
      runsOut,
    ]),
  ]);

function dividedLines(sizes: readonly Size[]): string {
  return sizes
    .map(({ users, divided }) => {
      const what = divided.length === 0 ? 'nothing has to be divided' : divided.join(', then ');
      return `- ${count(users)} users: ${what}.`;
    })
    .join('\n');
}

function simulationTable(sizes: readonly Size[], inputs: Inputs): string {
  const lines = sizes.map((size) => {
    const servers = serversOf(size, inputs.assumed);
    const wishes = { perSecond: size.calls.peak, servers, requests: simulatedRequests, seed };
    const { p50Ms, p95Ms, busiest } = simulate(inputs, wishes);
    const verdict = p95Ms < objective.underMs ? 'kept' : 'BROKEN';
    const used = `${busiest.station}, ${(busiest.used * 100).toFixed(0)} %`;
    return [
      count(size.users),
      count(size.calls.peak),
      p50Ms.toFixed(0),
      p95Ms.toFixed(0),
      verdict,
      used,
    ];
  });
  const head = ['users', 'calls/s', 'p50 ms', 'p95 ms', `p95 < ${objective.underMs} ms`, 'busiest'];
  return table([head, ...lines]);
}

function measuredTable({ operations }: Measured): string {
  const sum = (values: readonly number[]) => values.reduce((total, n) => total + n, 0);
  const lines = measuredNames.map((name) => {
    const { cpuMs, quantilesMs, bytes, commits, events } = operations[name];
    const parts = Object.entries(cpuMs).toSorted(([, a], [, b]) => b - a);
    const most = parts.slice(0, 3).map(([part, ms]) => `${part} ${ms.toFixed(1)}`);
    return [
      ...[name, sum(Object.values(cpuMs)).toFixed(1), most.join(', ')],
      ...[(quantilesMs[10] ?? 0).toFixed(0), commits.toFixed(1), events.toFixed(1)],
      count(sum(Object.values(bytes))),
    ];
  });
  const head = ['call', 'CPU ms in all', 'of which', 'alone, p50 ms', 'commits', 'events', 'bytes'];
  return table([head, ...lines]);
}

/** A million customers is more than any part was made for: how each of them is divided. */
const ways = `
- **Processes** hold nothing of their own, so more of them is all it takes. Gateways and subgraphs
  stand behind a balancer; workers share the queues of their subscriber.
- **Databases** are divided by account: a hash of the account's id names the partition, and every
  row of accounts, orders, holdings, elections and messages bears that id or its owner's. The
  account is the border of every transaction, so none crosses a partition; the house accounts of
  the ledger (\`clearing\`, \`commission\`) keep no running balance and have rows in each partition.
  First come the tables that only grow: \`order_event\`, \`ledger_entry\`, \`outbox_event\`,
  \`inbox_event\`, then their parents. PostgreSQL's own hash partitions on one server are the first
  step and change no query; servers of their own are the second, by connection string.
- **Assets** are the same for all customers: replicas to read from, not partitions.
- **Queues** move to Redis Cluster. A queue's keys share a hash tag (\`{orders:3}\`), so each
  lies on one shard; a subscriber gets as many queues as partitions, and the relay chooses by the
  same hash of the account, which keeps the order inside an aggregate. The caches and limits of
  the gateways are single keys and spread by themselves.
- **Connections**: beyond what a server bears (${assumptions.database.connectionsMax}) a pool in
  transaction mode stands between; no context holds a session across transactions, apart from
  migrations and leases.

None of the division is built: the bank runs on one database per context and one Redis. What it
needs of the code is the choice of a connection by account in each context's \`data/client.ts\` and
of a queue in the relay.`;

/** The whole document, from what was measured; throws when nothing was measured yet. */
export function capacityDocument(measured: Measured = readMeasured()): string {
  const inputs = { measured, assumed: assumptions };
  const sizes = sizesShown.map((users) => sizeFor(users, inputs));
  return [loadPart(measured), needPart(sizes), limitPart(sizes, inputs)].join('\n');
}

function loadPart(measured: Measured): string {
  const { traffic } = assumptions;
  const million = monthsUntil(1_000_000, assumptions);
  return `# Capacity

Written by \`npm run bench:capacity\`, which computes it from
\`bench/results/capacity-measured.json\` (\`npm run bench:capacity -- --measure\` measures anew)
and from \`bench/capacity/assumptions.ts\`: users, growth, sizes of servers and prices are
assumptions and are changed there.

## The load

${traffic.callsPerMinute} calls of an active user in a minute, ${traffic.activeOnAverage * 100} %
of users active on average and ${traffic.activeAtPeak * 100} % at the peak,
${((traffic.growth - 1) * 100).toFixed(0)} % more of them each month. At that growth a million is
reached in month ${million}.

${loadTable(assumptions)}

## What was measured

Each call by itself on a distributed bank of one process each, with all that follows from it: an
order until it is filled and told everywhere. What the bank spends at rest is taken off.

Machine: ${measured.machine}.

${measuredTable(measured)}
`;
}

function needPart(sizes: readonly Size[]): string {
  const { traffic, utilization } = assumptions;
  return `## What so many users need

Calls as in a trading day (\`bench/load/mixes.ts\`), ten reads to a write. At the peak each part
gives ${utilization * 100} % of what it has, so that with one of three zones lost the others are
at 75 %; of a process there are at least ${assumptions.instancesMin}. An instance has
${assumptions.node.cores} core, a database server ${assumptions.database.cores}. A core is one of
the machine above. Rows are kept ${assumptions.database.yearsKept} years; a year has
${traffic.daysPerYear} days of ${traffic.hoursPerDay} hours at the average. Dollars count a
standby for each database and each shard.

${sizeTable(sizes)}
`;
}

function limitPart(sizes: readonly Size[], inputs: Inputs): string {
  return `## What breaks first

If there were one of everything, at ${assumptions.utilization * 100} % of what it has:

${breaks(inputs)}

What has to be divided by then, because one no longer bears it, first things first (of processes
there are simply more):

${dividedLines(sizes)}

## Whether the counts hold

A simulation plays ${count(simulatedRequests)} calls at the peak through that many servers:
arrivals by chance, the next server in turn whether it is busy or not, service times with the
measured spread. It cannot see what the model leaves out: locks on one row, a full disk, a slow
network.

${simulationTable(sizes, inputs)}

## How it is divided
${ways}
`;
}

const readMeasured = (): Measured => JSON.parse(readFileSync(measuredFile, 'utf8'));
