import base from './jest.config.mjs';

/** The long runs of `npm run soak`: one after the other, each with a bounded time. */
const shared = base.projects.find(({ displayName }) => displayName === 'e2e');

/** @type {import('jest').Config} */
export default {
  maxWorkers: 1,
  projects: [
    { ...shared, displayName: 'soak', testMatch: ['<rootDir>/test/soak/**/*.soak-spec.ts'] },
  ],
};
