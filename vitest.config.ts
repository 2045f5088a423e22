import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/**
 * One PostgreSQL serves the whole run; each file makes a database of its own from the template in it. Two files at once
 * on the two cores that a machine has at least: most of a file's time is waiting.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
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
          include: ['test/journeys/**/*.test.ts'],
          globalSetup: ['test/support/loaded-demonstration.ts'],
          environment: 'node',
          // Each starts the product and a browser, and waits for them half of its time: two at once, after all others.
          sequence: { groupOrder: 1 },
          // What a page shows is waited for on a machine that has another browser to serve.
          expect: { poll: { timeout: 5_000 } },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'board-faults',
          include: ['test/faults/*.test.ts'],
          globalSetup: ['test/support/loaded-demonstration.ts'],
          environment: 'node',
          // Each measures how soon a board is true again: one after another.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: process.env.FAULTS_LONG === '1' ? 900_000 : 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
        test: {
          name: 'faults',
          include: ['test/faults/server/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: process.env.FAULTS_LONG === '1' ? 900_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
