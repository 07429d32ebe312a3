const shared = {
  testEnvironment: '<rootDir>/__tests__/support/environment.ts',
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/.third-party/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.cjs' },
};

const project = (displayName, ...folders) => ({
  ...shared,
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/__tests__/${folder}`),
});

export default {
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  testTimeout: 60_000,
  // Jest leaves a core to itself, which on a machine with two makes one worker of them.
  maxWorkers: '100%',
  // A failed test is printed where it fails, and not a second time at the end.
  reporters: [['default', { summaryThreshold: Number.MAX_SAFE_INTEGER }]],
  projects: [
    project('house', 'house.test.ts', 'pages.test.ts', 'house/**/*.test.ts'),
    project('unit', 'unit/**/*.test.ts', 'sources/**/*.test.ts', 'deliveries/**/*.test.ts', 'adapters/**/*.test.ts'),
    project('emulator', 'emulator/**/*.test.ts'),
    project('process', 'scenarios/**/*.test.ts', 'bundle/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts'),
  ],
};
