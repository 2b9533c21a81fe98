/** Bounds of one job (OPS-20). A single event may be larger; it then travels alone. */
export const batchEventsMax = 100;
export const batchBytesMax = 256 * 1024;

/** Cuts what waits into jobs, in order, each as full as the bounds allow. */
export function cutBatches(bodies: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let current: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    if (current.length === batchEventsMax || (current.length > 0 && bytes + size > batchBytesMax)) {
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
