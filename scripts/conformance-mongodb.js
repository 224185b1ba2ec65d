/** What `npm run conformance -- --mongodb <url>` runs against a MongoDB: the suites find the server in MONGODB_URL. */
const folder = 'libs/read-models/src/mongodb';

module.exports = {
  option: 'mongodb',
  title: 'MongoDB',
  variable: 'MONGODB_URL',
  substitute: 'secantusd-py',
  suites: [
    ['the read-model contract', `${folder}/mongodb.contract.spec.ts`],
    ['flushes: crashes, repetitions, late writers, bytes equal with SQLite', `${folder}/flush-writer.spec.ts`],
    ['leases and fencing, with real processes', `${folder}/leases.spec.ts`],
    ['generations and indexes', `${folder}/generations.spec.ts`],
  ],
  bench: 'mongodb-writes',
};
