const shared = {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/stubs/', '<rootDir>/.third-party/'],
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
  projects: [
    project('house', 'house.test.ts', 'house/**/*.test.ts', 'pages.test.ts', 'pages/**/*.test.ts'),
    project('unit', 'unit/**/*.test.ts', 'sources/**/*.test.ts', 'deliveries/**/*.test.ts', 'adapters/**/*.test.ts'),
    project('emulator', 'emulator/**/*.test.ts'),
    project('process', 'scenarios/**/*.test.ts', 'bundle/**/*.test.ts', 'examples/**/*.test.ts'),
  ],
};
