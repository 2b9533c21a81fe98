import type { Tx } from '../data/client.ts';
import { insertExecutions, moveResumePoint, resumePointOf } from '../data/reports.ts';
import { lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import type { Happening } from '../domain/venue-order.ts';
import type { ReportPage, VenueReport } from '../venue.ts';
import { recordHappenings } from './record-news.ts';

/**
 * Reads on where the last reading ended. The resume point moves in the transaction of the events
 * that the reports cause, so a crash repeats or skips none. Answers how many reports it took.
 */
export async function takeReports(deps: Deps): Promise<number> {
  const { db, transact, venue } = deps;
  if (!venue.isReachable()) return 0;
  const from = await resumePointOf(db, venue.name);
  const page = await venue.reports(from);
  if (page.reports.length === 0) return 0;
  return transact(async (tx) => {
    const point = { venue: venue.name, from, to: page.resumePoint };
    if (!(await moveResumePoint(tx, point))) return 0;
    await applyReports(tx, deps, page);
    return page.reports.length;
  });
}

type Executed = Extract<VenueReport, { kind: 'EXECUTED' }>;

async function applyReports(tx: Tx, deps: Deps, { reports }: ReportPage): Promise<void> {
  const locked = await lockOrders(tx, [...new Set(reports.map(({ clientId }) => clientId))]);
  const own = reports.filter(({ clientId }) => locked.has(clientId));
  if (own.length < reports.length) {
    const stranger = reports.find(({ clientId }) => !locked.has(clientId));
    const fields = { error_code: 'UNKNOWN_ORDER', order_id: stranger?.clientId };
    deps.log.error(fields, `${deps.venue.name} reports an order that was never sent`);
  }
  const executed = own.filter((report): report is Executed => report.kind === 'EXECUTED');
  const fresh = new Set(await insertExecutions(tx, deps.venue.name, executed.map(executionOf)));
  const happenings = new Map<string, Happening[]>();
  for (const report of own) {
    // The venue may repeat itself, even within one page.
    if (report.kind === 'EXECUTED' && !fresh.delete(report.executionId)) continue;
    const before = happenings.get(report.clientId) ?? [];
    happenings.set(report.clientId, [...before, happeningOf(report)]);
  }
  const lists = [...locked].map(([orderId, known]) => ({
    known,
    list: happenings.get(orderId) ?? [],
  }));
  await recordHappenings(tx, deps, lists);
}

const executionOf = ({ clientId, executionId, quantity, price, at }: Executed) => ({
  orderId: clientId,
  executionId,
  quantity,
  price,
  executedAt: at,
});

const happeningOf = (report: VenueReport): Happening =>
  report.kind === 'ENDED'
    ? { kind: 'ENDED', outcome: report.outcome }
    : { kind: 'EXECUTED', venueOrderId: report.venueOrderId, execution: executionOf(report) };
