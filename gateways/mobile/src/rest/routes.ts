import type { RestRoute } from '@simplebank/gateway-kit/rest';
import { holdings } from '@simplebank/gateway-kit/rest-contract/holdings';
import { assetScreen, orderScreen } from './asset-screens.ts';
import { homeScreen } from './home-screen.ts';
import { portfolioScreen } from './portfolio-screen.ts';

/** A screen of the phone application in each request, and what the accounts hold. */
export const routes: readonly RestRoute[] = [
  homeScreen,
  portfolioScreen,
  assetScreen,
  orderScreen,
  holdings,
];
