/**
 * Where the time goes: prints the functions with the most self time of each thread's .cpuprofile in a folder.
 *   node scripts/profile-top.js <folder or file> [how many, 25]
 * Make the profiles with `npm run bench -- --only <name> --cpu-prof`, or start node with --cpu-prof.
 */
const { readFileSync, readdirSync, statSync } = require('node:fs');
const { basename, join } = require('node:path');

const [target, wanted = '25'] = process.argv.slice(2);
if (target === undefined) {
  console.error(
    'Name a folder with .cpuprofile files, or one of them: node scripts/profile-top.js bench/results/profile-x',
  );
  process.exit(2);
}

function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => join(path, name));
}

/** Milliseconds of self time by function. Time in which the thread had nothing to do is left out. */
function selfTimes(profile) {
  const times = new Map();
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node.callFrame)]));
  profile.samples.forEach((id, i) => {
    const name = names.get(id);
    times.set(name, (times.get(name) ?? 0) + profile.timeDeltas[i] / 1000);
  });
  times.delete('(idle)');
  times.delete('(program)');
  return times;
}

function nameOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const place = url.replace(/^file:\/\//, '').replace(/^.*\/(dist|node_modules)\//, '$1/');
  return `${name} ${place}:${lineNumber + 1}`;
}

/** The script that takes most of a profile's functions says which thread it was. */
function threadOf(profile) {
  const script = profile.nodes.find(({ callFrame }) => /\.worker\.js$|\/main\.js$/.test(callFrame.url));
  return script === undefined ? 'unknown thread' : basename(script.callFrame.url);
}

const threads = files(target)
  .map((file) => {
    const profile = JSON.parse(readFileSync(file, 'utf8'));
    const times = selfTimes(profile);
    const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
    return { file, thread: threadOf(profile), times, total };
  })
  .sort((a, b) => b.total - a.total);

for (const { file, thread, times, total } of threads) {
  console.log(`\n${thread}: ${total.toFixed(0)} ms busy (${basename(file)})`);
  const top = [...times].sort((a, b) => b[1] - a[1]).slice(0, Number(wanted));
  for (const [name, ms] of top) {
    console.log(`${((100 * ms) / total).toFixed(1).padStart(6)} % ${ms.toFixed(0).padStart(8)} ms  ${name}`);
  }
}
