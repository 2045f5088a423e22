/**
 * Who may import whom, by `.dependency-cruiser.mjs`. Fails too when a source file was not looked at or hardly any
 * imports were found: a parser that finds nothing finds no fault either.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'tinyglobby';
