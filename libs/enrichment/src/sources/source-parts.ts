import type { SecurityTrailsUpstream } from './securitytrails/upstream.js';

/** What every source is given. */
export interface SourceParts {
  readonly upstream: SecurityTrailsUpstream;
  /** Base of the pages that people are linked to, without a final slash. */
  readonly uiUrl: string;
}
