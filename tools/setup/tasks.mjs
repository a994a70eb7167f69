const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/**
 * What `npm run <name>` starts once everything is in place.
 * - `args`: the arguments of Node; the caller's own come after them
 * - `needsRedis`: whether redis-server has to be there, given the environment
 * - `linked`: end the process when this one is killed without a chance to say so
 * @type {Record<string, { args: string[], env?: Record<string, string>, linked?: boolean,
 *   needsRedis: (env: NodeJS.ProcessEnv) => boolean } | undefined>}
 */
export const TASKS = {
  setup: { args: [], needsRedis: () => true },
  demo: {
    args: ['dist/tools/demo/main.js'],
    needsRedis: (env) => !env.REDIS_URL && !env.REDIS_URL_FILE,
    linked: true,
  },
  test: { args: JEST, needsRedis: () => true },
  fuzz: {
    args: [...JEST, '--selectProjects', 'e2e', '--testPathPatterns', 'fuzz'],
    env: { FUZZ_RUNS: '10000' },
    needsRedis: () => true,
  },
  soak: { args: [...JEST, '--config', 'jest.soak.config.mjs'], needsRedis: () => true },
  bench: { args: ['dist/bench/main.js'], needsRedis: () => true },
};
