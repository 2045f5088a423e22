import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, WrongSetting } from '#server/config.ts';
import { temporaryFolder } from '#test/support/folder.ts';

describe('the settings', () => {
  test('[SET-36] have defaults for everything, and cannot be changed afterwards', () => {
    const config = readConfig({});
    expect(config).toEqual({
      port: 4000,
      host: '127.0.0.1',
      trustedProxies: [],
      dataDir: path.resolve('data'),
      databaseUrl: undefined,
      programMode: 'demo',
      demoTraffic: 20,
      secretsFile: path.resolve('data/secrets.json'),
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toEqual(config);
  });

  test('[SET-36] are taken as given, folders from the working directory', () => {
    const config = readConfig({
      PORT: '8080',
      HOST: '0.0.0.0',
      DATA_DIR: 'elsewhere',
      DATABASE_URL: 'postgresql://kepling:secret@db:5432/kepling',
      PROGRAM_MODE: 'live',
      DEMO_TRAFFIC: '0',
      TRUSTED_PROXIES: ' 127.0.0.1, 10.0.7.0/24,fd00::/8 ',
    });
    expect(config).toMatchObject({ port: 8080, host: '0.0.0.0', programMode: 'live', demoTraffic: 0 });
    expect(config.trustedProxies).toEqual(['127.0.0.1', '10.0.7.0/24', 'fd00::/8']);
    expect(config.secretsFile).toBe(path.resolve('elsewhere/secrets.json'));
  });

  test('[OPS-15] take the password of the database from a file of its own, whatever stands in it', () => {
    const file = path.join(temporaryFolder(), 'password.txt');
    writeFileSync(file, 'a/b:c@d%20\n');
    const { databaseUrl } = readConfig({
      DATABASE_URL: 'postgresql://kepling@db:5432/kepling',
      DATABASE_PASSWORD_FILE: file,
    });
    expect(decodeURIComponent(new URL(databaseUrl as string).password)).toBe('a/b:c@d%20');
    const missing = { DATABASE_URL: 'postgresql://kepling@db/kepling', DATABASE_PASSWORD_FILE: `${file}.no` };
    expect(() => readConfig(missing)).toThrow(WrongSetting);
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['HOST', 'not a host'],
    ['PROGRAM_MODE', 'production'],
    ['DEMO_TRAFFIC', 'many'],
    ['TRUSTED_PROXIES', 'proxy'],
    ['TRUSTED_PROXIES', '*'],
    ['TRUSTED_PROXIES', '10.0.0.1,'],
    ['TRUSTED_PROXIES', '10.0.0.1 10.0.0.2'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '10'],
    ['DATABASE_URL', 'mysql://root@db/kepling'],
    ['DATABASE_URL', 'postgresql://db:5432'],
  ])('[SET-37] %s=%s is refused in one line that names it', (name, value) => {
    const refused = () => readConfig({ [name]: value });
    expect(refused).toThrow(WrongSetting);
    expect(refused).toThrow(new RegExp(`^${name}.* must be [^\\n]+$`));
  });

  test('[SET-37] a wrong DATABASE_URL is not repeated, since it may hold a password', () => {
    const refused = () => readConfig({ DATABASE_URL: 'http://kepling:hunter2@db/kepling' });
    expect(refused).toThrow(/^DATABASE_URL/);
    expect(refused).not.toThrow(/hunter2/);
  });
});
