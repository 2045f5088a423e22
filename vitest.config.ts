import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** One PostgreSQL serves the whole run; each file makes a database of its own from the template in it. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/database-server.ts'],
    projects: [
      {
        // As Node itself resolves: else graphql comes twice, once for us and once for the libraries.
        resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
        test: {
          name: 'server',
          include: ['test/{base,store,rules,ledger,live,api,wire,architecture}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
        test: {
          name: 'faults',
          include: ['test/faults/server/**/*.test.ts'],
          environment: 'node',
          // Each measures: after all others, and one after another.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: process.env.FAULTS_LONG === '1' ? 900_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'screens',
          include: ['test/screens/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/{journeys,faults}/**/*.test.ts'],
          // They load nothing, and have a project of their own.
          exclude: ['test/faults/server/**'],
          globalSetup: ['test/support/loaded-demonstration.ts'],
          environment: 'node',
          // Each starts the product and a browser: after all others and one after another, on a machine of two cores.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
