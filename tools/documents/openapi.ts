import { openApiOf } from '@simplebank/gateway-kit/openapi';
import { routes as mobile } from '@simplebank/mobile-gateway/app';
import { routes as web } from '@simplebank/web-gateway/app';

/** File name to text: what each gateway serves as `GET /openapi.json`. */
export function openApiDocuments(): ReadonlyMap<string, string> {
  const gateways = Object.entries({ web, mobile });
  return new Map(
    gateways.map(([name, routes]) => [
      `${name}.json`,
      `${JSON.stringify(openApiOf({ name, routes }), null, 2)}\n`,
    ]),
  );
}
