import { conformance } from './support/checks.ts';
import { targetsOf } from './support/targets.ts';

conformance(targetsOf('services'));
