import type { RestRoute } from '@simplebank/gateway-kit/rest';
import { contract } from '@simplebank/gateway-kit/rest-contract';
import { homeScreen } from './home-screen.ts';
import { orderEntryScreen } from './order-entry-screen.ts';
import { portfolioScreen } from './portfolio-screen.ts';

/** The bank's REST contract, and a screen of the web application in each request. */
export const routes: readonly RestRoute[] = [
  ...contract,
  homeScreen,
  portfolioScreen,
  orderEntryScreen,
];
