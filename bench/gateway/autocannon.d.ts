declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  type Sent = { readonly method?: string; readonly body?: string };
  type Options = {
    readonly url: string;
    readonly connections: number;
    /** In seconds, like `timeout`. */
    readonly duration: number;
    readonly timeout: number;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly requests: readonly { readonly setupRequest: (request: Sent) => Sent }[];
  };
  type Result = {
    readonly errors: number;
    readonly timeouts: number;
    readonly duration: number;
  };
  type Heard = readonly [client: unknown, status: number, bytes: number, ms: number];
  type Listener = (...heard: Heard) => void;
  type Cannon = Promise<Result> & {
    on(event: 'response', listener: Listener): EventEmitter;
  };
  export default function autocannon(options: Options): Cannon;
}
