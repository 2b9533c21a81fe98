/** What live updates may take, and how they keep time; a test may be in a hurry. */
export type LiveBounds = {
  readonly connectionsMax: number;
  /** Nobody shuts all others out: of one address, or one IPv6 network. */
  readonly connectionsPerAddressMax: number;
  readonly streamsPerConnectionMax: number;
  readonly streamsPerPrincipalMax: number;
  /** Of what a client sends over a WebSocket. */
  readonly messageBytesMax: number;
  /** What waits for a client that does not read; more drops it at once. */
  readonly bufferedBytesMax: number;
  /** A connection says who it is by then. */
  readonly initWithinMs: number;
  /** A client that has not taken an answer by then is dropped. */
  readonly slowAfterMs: number;
  /** Pings over WebSocket, comments over SSE; without an answer to a ping the next one drops. */
  readonly pingEveryMs: number;
  /** A feed is read at least so often: what should wake it may get lost. */
  readonly pollEveryMs: number;
  /** How long a token or a session that has ended is still told anything. */
  readonly checkEveryMs: number;
  /** Between two answers of one stream that tells the latest only. */
  readonly latestEveryMs: number;
};

export const usualBounds: LiveBounds = {
  connectionsMax: 2_000,
  connectionsPerAddressMax: 500,
  streamsPerConnectionMax: 20,
  streamsPerPrincipalMax: 50,
  messageBytesMax: 65_536,
  bufferedBytesMax: 1_000_000,
  initWithinMs: 3_000,
  slowAfterMs: 10_000,
  pingEveryMs: 15_000,
  pollEveryMs: 10_000,
  checkEveryMs: 5_000,
  latestEveryMs: 1_000,
};

/**
 * After a wake: an event may be announced a moment before its effect can be read, in its own
 * context (a transaction that began earlier still runs) or in another that it is on its way to.
 */
export const restlessMs = [50, 150, 500, 1_500] as const;

/** Before a read that failed for a while is tried again; then the stream ends with the reason. */
export const troubleMs = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;
