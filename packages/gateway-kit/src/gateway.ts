import type { AssertionSigner, Channel, Role } from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import type { Door } from '@simplebank/chassis/subgraph';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import type { Explorer } from './explorer.ts';
import type { RestRoute } from './rest.ts';

/** Who may run an operation at all, checked before any work is done for it. */
export type Access = {
  /** Root fields open to a caller without a token. */
  readonly anonymousFields: readonly string[];
  /** A caller with a token needs one of these. */
  readonly roles: readonly Role[];
};

export type GatewayOptions = {
  readonly name: string;
  readonly channel: Channel;
  readonly host: string;
  /** 0 takes any free port; the door's `url` tells which. */
  readonly port: number;
  readonly supergraphSdl: string;
  /** Address of the process behind each subgraph of the supergraph, by its name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly tokens: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string };
  readonly introspection: boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly routes?: readonly RestRoute[];
  readonly explorer?: Explorer;
  readonly access?: Access;
};

export async function buildGateway(options: GatewayOptions): Promise<Door> {
  throw new Error(`gateway ${options.name} is not assembled`);
}
