import { openApiOf } from '@simplebank/gateway-kit/openapi';
import { routes as mobile } from '@simplebank/mobile-gateway/app';
import { routes as web } from '@simplebank/web-gateway/app';

/** File name to text: what each gateway serves as `GET /openapi.json`. */
export function openApiDocuments(): ReadonlyMap<string, string> {
  const gateways = [
    { name: 'web', routes: web, sessions: true },
    { name: 'mobile', routes: mobile, sessions: false },
  ];
  return new Map(
    gateways.map((gateway) => [
      `${gateway.name}.json`,
      `${JSON.stringify(openApiOf(gateway), null, 2)}\n`,
    ]),
  );
}
