// The tests that need parts of others; `npm test` leaves them out, `npm run test:third-party` fetches the parts and runs them.
export default {
  rootDir: '../..',
  displayName: 'third-party',
  testEnvironment: '<rootDir>/__tests__/support/environment.ts',
  testMatch: ['<rootDir>/__tests__/third-party/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/.third-party/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.cjs' },
  testTimeout: 120_000,
};
