/** The verbs of every path that the relay serves: what tells a wrong verb from an unknown path. */
const METHODS: Readonly<Record<string, string>> = {
  '/observe/observables': 'POST',
  '/deliberate/observables': 'POST',
  '/refer/observables': 'POST',
  '/health': 'POST',
  '/version': 'POST',
  '/watchdog': 'GET',
  '/livez': 'GET',
  '/readyz': 'GET',
  '/metrics': 'GET',
  '/docs': 'GET',
  '/openapi.json': 'GET',
};

/** The verb that a path takes, with or without a final slash; undefined for an unknown path. */
export function methodOf(path: string): string | undefined {
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return Object.hasOwn(METHODS, bare) ? METHODS[bare] : undefined;
}

/** Where the operators' GraphQL API is; it answers for its verbs itself. */
export const OPS_PATH = '/graphql';

/** Whether a path is one of ours, so that it says nothing but what we named it. */
export function isOurPath(path: string): boolean {
  return methodOf(path) !== undefined || path === OPS_PATH;
}
