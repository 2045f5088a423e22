import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

/** Everything the environment decides, read once at the start. */
export interface Config {
  /** 0: any free port, for tests. */
  readonly port: number;
  readonly host: string;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined: the embedded PostgreSQL below `dataDir`. Holds a password: never log it. */
  readonly databaseUrl: string | undefined;
  readonly programMode: 'demo' | 'live';
  /** Simulated enrollments a minute, in demo mode. */
  readonly demoTraffic: number;
  /** Absolute. */
  readonly secretsFile: string;
}

/** A setting that cannot be used. The message is one line for whoever started the program. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}

const MAX_TRAFFIC_PER_MINUTE = 6_000;
/** Settings whose value is not repeated in an error. */
const SECRET = new Set(['DATABASE_URL']);

const wholeNumber = (least: number, most: number) => {
  const advice = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d+$/, advice)
    .transform(Number)
    .refine((value) => value >= least && value <= most, advice);
};

const environmentSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'a host name or an address, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1'),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((each) => each.trim()))
    .refine(
      (list) => list.every(isAddressOrNetwork),
      'addresses or networks of your own proxies, separated by commas, such as 127.0.0.1,10.0.7.0/24',
    )
    .default([]),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'an address such as postgresql://user:password@host:5432/kepling')
    .optional(),
  DATABASE_PASSWORD_FILE: z.string().optional(),
  PROGRAM_MODE: z.enum(['demo', 'live'], 'demo or live').default('demo'),
  DEMO_TRAFFIC: wholeNumber(0, MAX_TRAFFIC_PER_MINUTE).default(20),
  SECRETS_FILE: z.string().optional(),
});

/** Adds the settings of a `.env` file in the working directory, if there is one. What is set already stays. */
export function readEnvFile(): void {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new WrongSetting(`.env: ${(error as Error).message}`);
  }
}

/** An empty value counts as none. Throws WrongSetting naming the first wrong one. Folders are taken from the working directory. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape).map((name) => [name, environment[name]?.trim() || undefined]),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const { path: where, message } = parsed.error.issues[0] as z.core.$ZodIssue;
    const name = String(where[0]);
    const value = SECRET.has(name) ? '' : `=${given[name]}`;
    throw new WrongSetting(`${name}${value} tidak sah · cannot be used: it must be ${message}`);
  }
  const values = parsed.data;
  const dataDir = path.resolve(values.DATA_DIR);
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    trustedProxies: values.TRUSTED_PROXIES,
    dataDir,
    databaseUrl: withPassword(values.DATABASE_URL, values.DATABASE_PASSWORD_FILE),
    programMode: values.PROGRAM_MODE,
    demoTraffic: values.DEMO_TRAFFIC,
    secretsFile:
      values.SECRETS_FILE === undefined
        ? path.join(dataDir, 'secrets.json')
        : path.resolve(values.SECRETS_FILE),
  });
}

/** A password in a file of its own is in no environment and in no list of processes. */
function withPassword(address: string | undefined, file: string | undefined): string | undefined {
  if (address === undefined || file === undefined) return address;
  const url = new URL(address);
  try {
    url.password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  } catch (error) {
    throw new WrongSetting(
      `DATABASE_PASSWORD_FILE=${file} tidak terbaca · cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  return url.href;
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return (protocol === 'postgres:' || protocol === 'postgresql:') && pathname.length > 1;
}

/** `10.0.7.1`, `10.0.7.0/24`, `::1`, `fd00::/8`. Never everybody: then anyone could say to be anyone. */
function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
