// Prints the local time of the machine, then the decisions and the packed state of one life. Run by calendar.spec.ts under several
// time zones, so it loads the sources itself.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, file);
};

const { Customer, compiled, parsed, DAY } = require('./customer.fixture.ts');
const { encodeState } = require('./state-codec.ts');

const definition = parsed(`
name: zones
timeZone: Europe/London
stages:
  - name: lead
  - name: often
    enter: { distinctDays: purchase, atLeast: 2, within: 3d }
  - name: big
    enter: { sum: purchase, property: value, atLeast: 25, within: 2d }
`);
const customer = new Customer(compiled(definition));
const begin = Date.UTC(2024, 2, 29, 22, 30);
for (let i = 0; i < 40; i++) {
  const at = begin + i * 5 * 3_600_000;
  if (i % 3 === 0) customer.live({ type: 'purchase.completed', properties: { value: 10 } }, at);
  else if (i % 7 === 1) customer.history({ type: 'purchase.completed', properties: { value: 3 } }, at - 9 * DAY, at);
  else customer.tick(at);
}
console.log(new Date(begin).toString());
console.log(JSON.stringify(customer.decisions));
console.log(Buffer.from(encodeState(customer.state)).toString('hex'));
