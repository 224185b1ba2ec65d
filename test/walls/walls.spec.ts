import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, houseFaults } from './house-rules';

const ROOT = join(__dirname, '..', '..');
const FIXTURE = join(__dirname, 'fixture');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

function cruise(folder: string, parts: string[]): { violations: Violation[]; modules: number } {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, ...parts, '--config', CONFIG, '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28, encoding: 'utf8' });
  if (stdout === '') throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  const report = JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } };
  return { violations: report.summary.violations, modules: report.summary.totalCruised };
}

function sources(): string[] {
  return ['apps', 'libs', 'bench', 'test'].flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => !path.startsWith('test/walls/fixture/')),
  );
}

describe('the walls between the parts', () => {
  it('hold in the tree', () => {
    const { violations, modules } = cruise(ROOT, ['apps', 'libs', 'test', 'bench']);
    expect(modules).toBeGreaterThan(20);
    expect(violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  }, 60_000);

  describe('in a house where each wall has one hole', () => {
    let violations: Violation[];
    beforeAll(() => ({ violations } = cruise(FIXTURE, ['apps', 'libs', 'test'])), 60_000);

    it.each([
      ['journey-is-pure', 'libs/journey/src/reads-a-file.ts'],
      ['journey-is-pure', 'libs/journey/src/knows-the-engine.ts'],
      ['stores-know-only-journey', 'libs/event-store/src/knows-the-engine.ts'],
      ['stores-know-only-journey', 'libs/read-models/src/knows-the-log.ts'],
      ['engine-knows-the-three', 'libs/engine/src/knows-the-server.ts'],
      ['client-stands-alone', 'libs/client/src/knows-journey.ts'],
      ['no-deep-imports', 'libs/engine/src/reaches-inside.ts'],
      ['testing-only-in-tests', 'libs/engine/src/runs-a-test-double.ts'],
      ['sqlite-only-in-adapters', 'libs/engine/src/names-the-technology.ts'],
      ['eventstoredb-only-in-its-folders', 'libs/read-models/src/speaks-the-protocol.ts'],
      ['stores-apart', 'libs/event-store/src/eventstoredb/knows-the-endpoint.ts'],
      ['mongodb-only-in-its-adapter', 'libs/engine/src/names-the-database.ts'],
      ['blocking-calls-stand-alone', 'libs/blocking-calls/src/knows-a-store.ts'],
      ['nest-only-at-the-edge', 'libs/read-models/src/wires-nest.ts'],
      ['server-does-not-know-the-cli', 'apps/server/src/knows-the-cli.ts'],
      ['no-tests-in-production', 'apps/cli/src/runs-a-test.ts'],
    ])('%s notices %s', (rule, from) => {
      expect(violations.filter((v) => v.from === from).map((v) => v.rule.name)).toContain(rule);
    });

    it('no-circular notices a circle', () => {
      expect(violations.filter((v) => v.rule.name === 'no-circular')).toHaveLength(1);
    });

    it('reports nothing that is allowed, and every rule has a hole', () => {
      const config = jest.requireActual<{ forbidden: { name: string }[] }>(CONFIG);
      expect(violations).toHaveLength(17);
      expect(new Set(violations.map((v) => v.rule.name))).toEqual(new Set(config.forbidden.map((rule) => rule.name)));
    });
  });
});

describe('the rules of the house', () => {
  it('hold in every file', () => {
    const faults = sources().flatMap((path) => houseFaults(path, readFileSync(join(ROOT, path), 'utf8')));
    expect(faults.map((f) => `${f.rule}: ${f.at}: ${f.says}`)).toEqual([]);
  });

  const lines = (count: number) => Array.from({ length: count }, (_, i) => `  const v${i} = ${i};`).join('\n');
  const rulesOf = (path: string, text: string) => houseFaults(path, text).map((fault) => fault.rule);

  it('notice a long file, and allow one at the limit', () => {
    expect(rulesOf('libs/engine/src/a.ts', `${lines(FILE_LINES_MAX + 1)}\n`)).toEqual(['file-too-long']);
    expect(rulesOf('libs/engine/src/a.ts', `${lines(FILE_LINES_MAX)}\n`)).toEqual([]);
  });

  it('notice a long function of any kind, and allow one at the limit', () => {
    const inside = lines(FUNCTION_LINES_MAX - 1);
    expect(rulesOf('libs/engine/src/a.ts', `function f() {\n${inside}\n}`)).toEqual(['function-too-long']);
    expect(rulesOf('libs/engine/src/a.ts', `class C {\n m() {\n${inside}\n}}`)).toEqual(['function-too-long']);
    expect(rulesOf('libs/engine/src/a.ts', `const f = () => {\n${inside}\n}`)).toEqual(['function-too-long']);
    expect(rulesOf('libs/engine/src/a.ts', `function f() {\n${lines(FUNCTION_LINES_MAX - 2)}\n}`)).toEqual([]);
  });

  it('take a describe for a chapter, and only in a spec', () => {
    const text = (inside: string) => `describe('a', () => {\n${lines(FUNCTION_LINES_MAX)}\n${inside}\n});`;
    expect(rulesOf('libs/engine/src/a.spec.ts', text(`it.each([1])('b', () => 1);`))).toEqual([]);
    expect(rulesOf('libs/engine/src/a.ts', text(`it('b', () => 1);`))).toEqual(['function-too-long']);
    expect(rulesOf('libs/engine/src/a.spec.ts', text(`check();`))).toEqual(['function-too-long']);
  });

  it.each(['libs/engine/src/utils.ts', 'libs/common/src/a.ts', 'apps/cli/src/helpers/a.ts'])(
    'notice the name %s',
    (path) => {
      expect(rulesOf(path, '')).toEqual(['empty-name']);
    },
  );

  it('notice the environment, the clock and chance where they do not belong', () => {
    expect(rulesOf('libs/engine/src/a.ts', 'export const a = process.env.PORT;')).toEqual(['environment']);
    expect(rulesOf('apps/server/src/configuration.ts', 'export const a = process.env;')).toEqual([]);
    expect(rulesOf('apps/server/src/ingest/a.ts', 'export const a = process.env;')).toEqual(['environment']);
    const outside = ['Date.now()', 'Math.random()', 'new Date()', 'performance.now()'];
    for (const text of outside) {
      expect(rulesOf('libs/journey/src/a.ts', `export const a = ${text};`)).toEqual(['clock-or-chance']);
      expect(rulesOf('libs/engine/src/a.ts', `export const a = ${text};`)).toEqual([]);
    }
    expect(rulesOf('libs/journey/src/a.ts', 'export const a = new Date(0);')).toEqual([]);
  });
});
