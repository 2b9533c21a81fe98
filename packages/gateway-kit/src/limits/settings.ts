/** How a gateway protects itself and its callers from each other; `config.ts` has the defaults. */
export type LimitSettings = {
  /** Proxies in front whose `x-forwarded-for` is believed; 0 believes nobody. */
  readonly trustedProxies: number;
  /** Cost points in a minute, over all instances. */
  readonly budget: {
    readonly principalPoints: number;
    /** Of callers without a name, who share an address. */
    readonly addressPoints: number;
    /** Of critical operations alone, beside the others. */
    readonly criticalPoints: number;
  };
  /** Requests in a second that all instances of the gateway take, whoever sends them. */
  readonly volume: {
    readonly perSecond: number;
    readonly criticalPerSecond: number;
  };
  /** Requests of one principal that run at once in one instance; critical ones count apart. */
  readonly concurrentMax: number;
  readonly gate: GateSettings;
  /** The part of a shared limit that one instance grants while Redis is away. */
  readonly localShare: number;
};

export type GateSettings = {
  /** Requests that one instance works on at once. */
  readonly inFlightMax: number;
  /** On top of these, for critical operations only. */
  readonly reserved: number;
  readonly waitingMax: number;
  readonly waitMsMax: number;
  /** An event loop that is later than this has more work than it can do. */
  readonly lagMsMax: number;
};
