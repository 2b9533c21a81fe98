import { publish } from '@simplebank/chassis/outbox';
import { saveAssets as saveRows } from '../data/assets.ts';
import { insertAudit } from '../data/audit.ts';
import type { Deps, Tx } from '../deps.ts';
import type { Asset } from '../domain/asset.ts';
import { assetUpdated } from '../events/published.ts';
import { indexAssets } from '../search/index.ts';
import { auditOf, type Staff } from './staff.ts';

export type AssetChange = { readonly before: Asset | null; readonly after: Asset };
type Saving = {
  readonly changes: readonly AssetChange[];
  readonly command: string;
  readonly staff: Staff;
};

/** The assets, what is found of them, the audit and the events: all of it or none. */
export async function saveAssets(
  tx: Tx,
  deps: Deps,
  { changes, command, staff }: Saving,
): Promise<void> {
  const assets = changes.map(({ after }) => after);
  await saveRows(tx, assets, deps.clock.now());
  await indexAssets(tx, assets);
  const audited = changes.map((change) =>
    auditOf(deps, { staff, command, change: { subject: change.after.id, ...change } }),
  );
  await insertAudit(tx, audited);
  const facts = assets.map((asset) => assetUpdated(asset, staff.cause));
  await publish(tx, deps, facts);
}
