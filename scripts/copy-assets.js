/**
 * Copies what SWC leaves behind (documents, schemas, pages) from each source folder to its place in dist.
 * Everything beside the code that is neither TypeScript nor a test's data goes along.
 */
const { cpSync, existsSync, readdirSync } = require('node:fs');
const { join, relative, basename } = require('node:path');

const root = join(__dirname, '..');
const LEFT_OUT = /(\.ts|\.tsx|\.snap|\.DS_Store)$/;
const FOLDERS_LEFT_OUT = new Set(['__snapshots__', 'fixture', 'fixtures']);

function sourceFolders() {
  return ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(root, group, name, 'src'))
      .filter((folder) => existsSync(folder)),
  );
}

function assetsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return FOLDERS_LEFT_OUT.has(basename(path)) ? [] : assetsIn(path);
    return LEFT_OUT.test(entry.name) ? [] : [path];
  });
}

const assets = sourceFolders().flatMap(assetsIn);
for (const asset of assets) cpSync(asset, join(root, 'dist', relative(root, asset)));
if (assets.length > 0) console.log(`Copied ${assets.length} file(s) that are not code to dist.`);
