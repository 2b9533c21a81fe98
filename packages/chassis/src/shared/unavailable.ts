/** What the instances share cannot be reached at the moment. */
export class SharedUnavailable extends Error {
  override readonly name = 'SharedUnavailable';
  constructor(cause: unknown) {
    super('what the instances share cannot be reached', { cause });
  }
}
