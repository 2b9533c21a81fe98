export type Bounds = { readonly events: number; readonly bytes: number };

/** Bounds of one job (OPS-20). A single event may be larger; it then travels alone. */
export const jobBounds: Bounds = { events: 100, bytes: 256 * 1024 };

/**
 * Bounds of what one transaction applies: several jobs that wait. While requests keep the process
 * busy each statement waits for its turn, so a consumer gets on by doing more with each.
 */
export const workBounds: Bounds = { events: 500, bytes: 1024 * 1024 };

/** Cuts what waits into batches, in order, each as full as the bounds allow. */
export function cutBatches(
  bodies: readonly string[],
  bounds: Bounds = jobBounds,
): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let current: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const isFull = current.length === bounds.events || bytes + size > bounds.bytes;
    if (isFull && current.length > 0) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(body);
    bytes += size;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}
