/**
 * `npm run setup`: all that `npm start` does before it serves, for an installation that its own user may not write:
 * packages, database client, pages, and the links of PostgreSQL's libraries.
 */
import './node-version.mjs';

const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
await setUp();
const { register } = await import('tsx/esm/api');
register();
const { findBinaries } = await import('../server/store/postgres-binaries.ts');
findBinaries();
