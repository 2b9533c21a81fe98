import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import {
  WebOrderCursorDocument,
  WebOrderUpdatesDocument,
  type WebOrderUpdatesSubscription,
} from '../generated/web/graphql.ts';
import { ask, type Gateway } from '../graphql-client.ts';

type Update = WebOrderUpdatesSubscription['orderUpdates'];
type Watching = { readonly account: string; readonly after?: string | undefined };

/** Where updates stand now: take it before the screen is read, and nothing falls in between. */
export async function cursorNow(gateway: Gateway, account: string): Promise<string> {
  const { data, errors } = await ask(gateway, WebOrderCursorDocument, { account });
  if (data) return data.orderUpdatesSince.cursor;
  throw new Error(errors[0]?.message ?? 'The bank did not answer.');
}

/**
 * The changes of an account's orders as they happen. Whoever keeps the cursor of the last one and
 * gives it as `after` the next time has missed nothing, however long the connection was away.
 */
export async function* orderUpdates(
  { url, accessToken }: Gateway,
  { account, after }: Watching,
): AsyncGenerator<Update, void> {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket, // browsers, and Node from 22 on, bring their own
    connectionParams: { authorization: `Bearer ${accessToken}` },
    retryAttempts: 0,
  });
  try {
    const answers = client.iterate<WebOrderUpdatesSubscription>({
      query: WebOrderUpdatesDocument.toString(),
      variables: { account, after },
    });
    for await (const { data, errors } of answers) {
      if (!data) throw new Error(errors?.[0]?.message ?? 'the stream broke off');
      yield data.orderUpdates;
    }
  } finally {
    await client.dispose();
  }
}
